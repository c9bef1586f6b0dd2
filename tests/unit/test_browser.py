"""The browser fixtures see what a page does; tests of the map rely on it."""

import pytest

PAGE = """<!doctype html><title>t</title><p id="p"></p>
<script>
document.getElementById("p").textContent = "drawn";
{script}
</script>"""

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(new_page, tmp_path):
    def open_with(script):
        path = tmp_path / "page.html"
        path.write_text(PAGE.replace("{script}", script), encoding="utf-8")
        visit = new_page()
        visit.page.goto(path.as_uri())
        return visit

    return open_with


def test_a_quiet_page_leaves_no_trace(visit):
    quiet = visit("")
    assert quiet.page.locator("#p").inner_text() == "drawn"
    assert (quiet.external_requests(), quiet.console_errors, quiet.page_errors) == ([], [], [])
    assert [url.rsplit("/", 1)[1] for url in quiet.requests] == ["page.html"]


def test_errors_and_warnings_are_seen(visit):
    loud = visit(
        "console.error('e'); console.warn('w'); console.log('l'); setTimeout(() => { throw Error('thrown') })"
    )
    for _ in range(100):  # what a page throws is told after it has loaded
        if loud.page_errors:
            break
        loud.page.wait_for_timeout(50)
    assert loud.console_errors == ["error: e", "warning: w"]
    assert loud.page_errors == ["thrown"]


def test_a_request_is_seen_and_goes_nowhere(visit):
    loud = visit(
        "const i = new Image(); i.onerror = () => { document.title = 'refused' }; i.src = 'http://127.0.0.1:9/x.png'"
    )
    loud.page.wait_for_function("document.title === 'refused'")
    assert loud.external_requests() == ["http://127.0.0.1:9/x.png"]

"""The light page of the article kit in Chromium: from disk, in frames, by keyboard, on paper."""

import gzip
import re
import runpy
from pathlib import Path

import pytest

import marchland as ml
from marchland.render.article import article
from marchland.render.kit.papers import embed

pytestmark = pytest.mark.browser

_HELPERS = runpy.run_path(str(Path(__file__).parents[1] / "hostile.py"))
SETTLE_MS = 120
DRAWN_MS, STEP_MS, WEIGHT = 180, 5, 100_000


@pytest.fixture(scope="session")
def kit_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kit")


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def date_file(built_in, kit_folder):
    return written(kit_folder, "date.html", article(built_in, 1860).html())


@pytest.fixture(scope="session")
def change_file(built_in, kit_folder):
    return written(kit_folder, "change.html", article(built_in, 1857, 1860).html())


@pytest.fixture(params=["date_file", "change_file"])
def file(request):
    return request.getfixturevalue(request.param)


def opened(new_page, file, fragment="", **options):
    visit = new_page(**{"viewport": {"width": 1000, "height": 900}, **options})
    return visit.opened(file, fragment, settle_ms=SETTLE_MS)


def step(visit):
    """Move the page's one control by a key."""
    if visit.page.locator("#slider").count():
        visit.page.focus("#slider")
        visit.page.keyboard.press("ArrowLeft")
    else:
        visit.page.focus("input[value=change]")
        visit.page.keyboard.press("ArrowLeft")


def test_opens_from_disk_without_network_or_error(new_page, file):
    visit = opened(new_page, file)
    assert visit.requests == [file.as_uri()]
    assert visit.is_quiet()
    step(visit)
    assert visit.is_quiet()
    drawn = visit.page.evaluate(
        """() => {
          const load = performance.getEntriesByType('navigation')[0];
          return load.domContentLoadedEventEnd - load.responseEnd;
        }"""
    )
    weight = len(gzip.compress(file.read_bytes(), 9))
    print(f"{file.name}: drawn in {drawn:.0f} ms, {weight / 1000:.0f} KB gz")  # noqa: T201
    assert weight <= WEIGHT
    assert drawn <= 10 * DRAWN_MS  # only what no busy machine explains


def test_slider_by_keyboard(new_page, date_file, built_in):
    visit = opened(new_page, date_file)
    slider = visit.page.locator("#slider")
    said = lambda: slider.get_attribute("aria-valuetext")  # noqa: E731
    treaty = "Additional Treaty of Peking"
    assert said() == f"31 December 1860 (14 November 1860 – {treaty})"
    slider.focus()
    visit.page.keyboard.press("ArrowLeft")
    assert said() == "28 May 1858 – Treaty of Aigun"
    assert visit.page.inner_text("#heading") == "The frontier on 28 May 1858"
    assert "China and Russia in common" in visit.page.inner_text("#legend-lands")
    visit.page.keyboard.press("Home")
    assert said().startswith("1 January 1640")
    assert "No agreed holder" in visit.page.inner_text("#legend-lands")
    visit.page.keyboard.press("End")
    assert "Russian Federation" in visit.page.inner_text("#legend-lands")
    last, before = built_in.change_dates()[-1], built_in.change_dates()[-2]
    assert visit.page.evaluate("location.hash") == f"#date={last}"
    visit.page.click("#previous")
    assert visit.page.evaluate("location.hash") == f"#date={before}"
    assert visit.is_quiet()


def test_each_step_touches_little_and_geometry_never(new_page, date_file):
    visit = opened(new_page, date_file)
    found = visit.page.evaluate(
        """async () => {
          const slider = document.getElementById('slider'), map = document.getElementById('map');
          const seen = [];
          const watch = new MutationObserver(list => seen.push(...list));
          watch.observe(map, { subtree: true, attributes: true, childList: true });
          const counts = [], times = [];
          for (let i = 0; i <= Number(slider.max); i += 1) {
            seen.length = 0;
            const from = performance.now();
            slider.value = i;
            slider.dispatchEvent(new Event('input'));
            times.push(performance.now() - from);
            await Promise.resolve();
            counts.push(seen.filter(m => m.type === 'attributes').length);
            if (seen.some(m => m.attributeName === 'd')) throw new Error('geometry was rewritten');
          }
          times.sort((a, b) => a - b);
          return [Math.max(...counts), times[times.length >> 1]];
        }"""
    )
    print(f"step: at most {found[0]} attributes, median {found[1]:.1f} ms")  # noqa: T201
    assert 0 < found[0] < 700
    assert found[1] <= 10 * STEP_MS


def test_address_keeps_the_date_and_survives_nonsense(new_page, date_file):
    visit = opened(new_page, date_file, "#date=1859-03-02")
    assert visit.page.inner_text("#heading") == "The frontier on 28 May 1858"
    for nonsense in ("#date=9999", "#date=<b>", "#%%%", "#show=after"):
        visit = opened(new_page, date_file, nonsense)
        assert visit.page.inner_text("#heading") == "The frontier on 31 December 1860"
        assert visit.is_quiet()


def test_change_switches_between_before_after_and_change(new_page, change_file, built_in):
    visit = opened(new_page, change_file)
    moved = len(ml.compare(built_in, 1857, 1860).ledger)
    assert 0 < visit.page.locator("#lands .moved").count() <= moved
    assert visit.page.locator("#lines .former").count() > 0
    visit.page.focus("input[value=change]")
    visit.page.keyboard.press("ArrowLeft")
    assert visit.page.locator("#lands .moved").count() == 0
    assert "31 December 1860" in visit.page.inner_text("#caption")
    visit.page.keyboard.press("ArrowLeft")
    assert "31 December 1857" in visit.page.inner_text("#caption")
    assert visit.page.evaluate("location.hash") == "#show=before"
    assert visit.is_quiet()


def test_script_says_what_the_page_said_without_it(new_page, file):
    live, still = opened(new_page, file), opened(new_page, file, java_script_enabled=False)
    for selector in (
        "title",
        "#heading",
        "#force",
        "#note",
        "#legend-lands",
        "#legend-strokes",
        "#caption",
        "table",
    ):
        texts = [
            visit.page.locator(selector).first.text_content() if visit.page.locator(selector).count() else ""
            for visit in (live, still)
        ]
        assert texts[0] == texts[1], selector


def framed(new_page, file, folder, sandbox):
    outer = written(
        folder,
        "outer.html",
        f'<!DOCTYPE html><title>x</title><iframe sandbox="{sandbox}" src="{file.as_uri()}" '
        'width="900" height="900"></iframe>',
    )
    return opened(new_page, outer)


@pytest.mark.parametrize("mode", ["no script", "empty sandbox"])
def test_without_script_there_is_a_map(new_page, file, tmp_path, mode):
    if mode == "no script":
        frame = opened(new_page, file, java_script_enabled=False).page
    else:
        frame = framed(new_page, file, tmp_path, "").page.frame_locator("iframe")
    drawing = frame.locator("#map")
    assert drawing.is_visible()
    assert drawing.bounding_box()["height"] > 200
    assert frame.locator("#legend-lands li").count() >= 2
    assert frame.locator("figcaption").is_visible()
    for control in ("#slider", ".modes"):
        assert frame.locator(control).count() == 0 or frame.locator(control).is_hidden()


def test_works_in_a_sandbox(new_page, date_file, tmp_path):
    visit = framed(new_page, date_file, tmp_path, "allow-scripts")
    frame = visit.page.frame_locator("iframe")
    frame.locator("#next").click()
    assert frame.locator("#heading").inner_text() != "The frontier on 31 December 1860"
    assert visit.is_quiet()


def test_frame_grows_and_shrinks_by_the_shipped_snippet(new_page, date_file, built_in, kit_folder):
    snippet = embed(article(built_in, 1860).prose).replace("map.html", date_file.name)
    host = written(kit_folder, "host.html", f"<!DOCTYPE html><title>host</title>{snippet}")
    visit = opened(new_page, host, viewport={"width": 700, "height": 1600})
    visit.page.wait_for_timeout(3 * SETTLE_MS)
    height = lambda: visit.page.locator("iframe").bounding_box()["height"]  # noqa: E731
    inner = visit.page.frame_locator("iframe")
    first = height()
    assert first == pytest.approx(inner.locator("body").bounding_box()["height"], abs=2)
    inner.locator("summary").click()
    visit.page.wait_for_timeout(2 * SETTLE_MS)
    assert height() > first + 50
    inner.locator("summary").click()
    visit.page.wait_for_timeout(2 * SETTLE_MS)
    assert height() == pytest.approx(first, abs=2)
    visit.page.evaluate("window.postMessage({type: 'marchland:height', height: 12}, '*')")
    visit.page.wait_for_timeout(SETTLE_MS)
    assert height() == pytest.approx(first, abs=2)  # a stranger's message is not heard
    assert visit.is_quiet()


def test_page_tells_its_height_to_amp_too(new_page, date_file, tmp_path):
    visit = new_page()
    outer = written(
        tmp_path,
        "amp.html",
        "<!DOCTYPE html><title>x</title><script>window.heard = []; addEventListener('message', "
        "e => heard.push(e.data));</script>"
        f"<iframe sandbox='allow-scripts' src='{date_file.as_uri()}'></iframe>",
    )
    visit.page.goto(outer.as_uri())
    visit.page.wait_for_timeout(3 * SETTLE_MS)
    heard = visit.page.evaluate("heard")
    amp = [m for m in heard if m.get("sentinel") == "amp" and m.get("type") == "embed-size"]
    own = [m for m in heard if m.get("type") == "marchland:height"]
    assert amp
    assert amp[-1]["height"] == own[-1]["height"] > 300


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_hostile_text_never_runs(new_page, composite, tmp_path, policy):
    bad = _HELPERS["hostile"](composite)
    for whens in ((1860,), (1857, 1860)):
        html = article(bad, *whens).html()
        if not policy:
            html, number = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
            assert number == 1
        visit = opened(new_page, written(tmp_path, "map.html", html))
        step(visit)
        visit.page.click("summary")
        visit.page.wait_for_timeout(SETTLE_MS)
        assert visit.page.evaluate("window.hacked") is None
        assert visit.page.locator("img").count() == 0
        assert visit.is_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 320])
def test_axe_finds_nothing(new_page, file, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visit = opened(new_page, file, viewport={"width": width, "height": 800}, color_scheme=scheme)
    visit.page.click("summary")
    found = axe.run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_few_tab_stops(new_page, file):
    visit = opened(new_page, file)
    visit.page.evaluate("document.querySelector('details').open = true")
    stops = []
    for _ in range(14):
        visit.page.keyboard.press("Tab")
        stop = visit.page.evaluate(
            """() => {
              const at = document.activeElement;
              return at === document.body ? '' : at.id || at.outerHTML;
            }"""
        )
        if stop == "" or stop in stops:
            break
        stops.append(stop)
    assert 1 < len(stops) <= 10


def test_targets_are_large_enough_on_a_phone(new_page, file):
    visit = opened(new_page, file, viewport={"width": 320, "height": 700})
    boxes = visit.page.evaluate(
        """() => [...document.querySelectorAll('button, input, summary, a')].map(target => {
          const box = target.getBoundingClientRect();
          return [target.id || target.value, box.width, box.height];
        })"""
    )
    assert [box for box in boxes if min(box[1:]) < 24] == []


def test_names_do_not_touch(new_page, file):
    for width in (1000, 360):
        visit = opened(new_page, file, viewport={"width": width, "height": 740})
        hits = visit.page.evaluate(
            """() => {
              const boxes = [...document.querySelectorAll('#names text')].map(t => t.getBoundingClientRect());
              let found = 0;
              for (let i = 0; i < boxes.length; i += 1) for (let j = 0; j < i; j += 1) {
                const [a, b] = [boxes[i], boxes[j]];
                const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (x > 2 && y > 4) found += 1;
              }
              return [boxes.length, found];
            }"""
        )
        assert hits[0] > 3
        assert hits[1] == 0


def test_print_shows_the_state_and_no_controls(new_page, date_file):
    visit = opened(new_page, date_file)
    visit.page.focus("#slider")
    visit.page.keyboard.press("Home")
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".time").is_hidden()
    assert visit.page.locator("#map").is_visible()
    assert visit.page.inner_text("#heading") == "The frontier on 1 January 1640"
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert visit.page.locator("#areas").is_visible()


def test_dark_mode_changes_the_paper(new_page, date_file):
    colours = {
        scheme: opened(new_page, date_file, color_scheme=scheme).page.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert colours["light"] != colours["dark"]


@pytest.mark.parametrize(
    ("lang", "heading"), [("ru", "Граница на 28 мая 1858 г."), ("zh", "1858年5月28日的边界")]
)
def test_other_languages(new_page, built_in, tmp_path, lang, heading):
    visit = opened(new_page, written(tmp_path, "map.html", article(built_in, 1860, lang=lang).html()))
    step(visit)
    assert visit.page.inner_text("#heading") == heading
    assert visit.is_quiet()

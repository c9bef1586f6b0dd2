"""Two dates on one page: what changed, side by side, in turn; by right and in fact; read otherwise."""

import re
from itertools import pairwise

import pytest

from marchland.comparison import compare
from marchland.model import name_in
from marchland.render.page import page
from marchland.tables import comparison_answer
from marchland.writers import write

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(built_in, tmp_path_factory):
    return page(built_in, 1860).save(tmp_path_factory.mktemp("compare") / "map.html")


@pytest.fixture
def opened(new_page, file):
    def visit(fragment="", **options):
        made = new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        return made.opened(file, fragment, live=True)

    return visit


def go_to(visit, fragment):
    visit.page.evaluate(
        """fragment => new Promise(done => {
          addEventListener('hashchange', () => setTimeout(done), { once: true });
          location.hash = fragment;
        })""",
        fragment,
    )


def catch_files(visit):
    """Keep what would be downloaded: a browser asks back after ten files in a row."""
    visit.page.evaluate(
        """() => {
          URL.createObjectURL = blob => { window.caught = blob.text(); return 'about:blank'; };
          HTMLAnchorElement.prototype.click = () => {};
        }"""
    )


def number(text):
    return float(re.sub(r"[^\d.−-]", "", text).replace("−", "-"))


def test_compare_by_button_shows_ledger_and_both_lines(opened, built_in):
    visit = opened("#date=1860-11-14")
    visit.page.click("#compare")
    assert visit.page.inner_text("#heading") == "The frontier on 28 May 1858 and on 14 November 1860"
    assert visit.page.inner_text("#ledger-title") == "What changed from 28 May 1858 to 14 November 1860"
    rows = visit.page.locator("#ledger-rows tr").all_inner_texts()
    found = compare(built_in, "1858-05-28", "1860-11-14")
    for row in found.ledger:
        name = name_in(built_in.territories[row.territory].names, "en")
        line = next(text for text in rows if text.startswith(name))
        assert f"{row.area_km2:,.2f}" in line
        assert f"± {row.sigma_km2:,.2f}" in line
    for pair in found.by_pair:
        assert any(f"{pair.area_km2:,.2f}" in text and f"± {pair.sigma_km2:,.2f}" in text for text in rows)
    assert visit.page.get_attribute(".folium-map .old", "d").startswith("M")
    assert visit.page.locator(".folium-map .moved").count() == len(found.ledger)
    assert "frontier on 28 May 1858" in visit.page.inner_text("#legend-lines")
    visit.page.click("#compare")
    assert visit.page.locator("#ledger").is_hidden()
    assert visit.page.locator(".folium-map .moved").count() == 0
    assert visit.is_quiet()


def test_sums_by_holder_are_those_of_the_command(opened, built_in):
    visit = opened("#date=1858-05-28&with=1857-01-01&mode=compare")
    rows = visit.page.locator("#ledger-holders tr").all_inner_texts()
    shown = [row.split("\t") for row in rows[1::2]]
    found = compare(built_in, "1857-01-01", "1858-05-28").by_holder
    assert len(shown) == len(found)
    for cells, row in zip(shown, found, strict=True):
        assert [number(cell) for cell in cells] == [
            row.gained_km2,
            row.lost_km2,
            row.net_km2,
            row.sigma_km2,
        ]


@pytest.mark.parametrize(
    ("basis", "readings"), [("de_jure", ()), ("de_facto", ()), ("de_jure", ("uda=north", "khanka=bai-zhen"))]
)
def test_ledger_saved_is_that_of_the_command_for_many_pairs_of_dates(opened, built_in, basis, readings):
    """The page knows both bases and every reading, and adds up the same quadratic form."""
    fragment = f"&basis={basis}" + "".join(f"&reading={r}" for r in readings)
    asked = built_in.read(*readings) if readings else built_in
    days = [day.isoformat() for day in asked.change_dates(basis)]
    pairs = [*[*pairwise(days)][::2], *zip(days[:9], days[:-10:-1], strict=True)]
    visit = opened(f"#date={days[0]}{fragment}")
    visit.page.click("#options")
    catch_files(visit)
    for first, last in pairs:
        go_to(visit, f"date={last}&with={first}&mode=compare{fragment}")
        expected = write(comparison_answer(compare(asked, first, last, basis=basis)), "csv")
        visit.page.click("#save-csv")
        assert visit.page.evaluate("window.caught") == expected, (first, last)


def test_swipe_by_keyboard_and_pointer(opened):
    visit = opened("#date=1860-11-14&with=1689-09-07&mode=swipe")
    bar = visit.page.locator("#divider")
    assert bar.get_attribute("role") == "slider"
    assert bar.get_attribute("aria-valuetext") == (
        "50 %: 7 September 1689 to its left, 14 November 1860 to its right"
    )
    edge = lambda: float(visit.page.get_attribute("#map-clip-late rect", "x"))  # noqa: E731
    middle = edge()
    bar.focus()
    visit.page.keyboard.press("ArrowRight")
    assert bar.get_attribute("aria-valuenow") == "52"
    assert edge() > middle
    visit.page.keyboard.press("Home")
    assert bar.get_attribute("aria-valuenow") == "0"
    box = visit.page.locator(".folium-map").bounding_box()
    grip = bar.bounding_box()
    visit.page.mouse.move(grip["x"] + grip["width"] / 2, box["y"] + 200)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 200)
    visit.page.mouse.up()
    assert bar.get_attribute("aria-valuenow") == "75"
    assert visit.page.inner_text("#badge-early") == "7 September 1689"
    lands = visit.page.locator(".folium-map .lands")
    assert lands.nth(0).locator("path").count() == lands.nth(1).locator("path").count()
    assert visit.is_quiet()


def test_flicker_changes_the_date_in_place(opened):
    visit = opened("#date=1860-11-14&with=1689-09-07&mode=flicker")
    assert visit.page.inner_text("#heading") == "The frontier on 14 November 1860"
    visit.page.click("#mode-flicker")
    assert visit.page.inner_text("#heading") == "The frontier on 7 September 1689"
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("location.hash") == "#date=1860-11-14&with=1689-09-07&mode=flicker"


def test_address_takes_only_what_reads(opened):
    visit = opened("#date=1860-11-14&with=%3Cimg%3E&mode=swipe&basis=x&reading=nonsense")
    assert visit.page.inner_text("#heading") == "The frontier on 14 November 1860"
    assert visit.page.locator("#divider").is_hidden()
    assert visit.is_quiet()


def test_basis_and_reading_switches_change_stops_and_areas(opened, built_in):
    visit = opened("#date=1875-06-01")
    visit.page.click("#options")
    stops = int(visit.page.get_attribute("#slider", "max"))
    visit.page.locator("[name=basis]").nth(1).check()
    assert "in fact" in visit.page.inner_text("#basis-line")
    assert (
        int(visit.page.get_attribute("#slider", "max")) == len(built_in.change_dates("de_facto")) - 1 != stops
    )
    held = built_in.at("1875-06-01", basis="de_facto")
    russia = sum(
        round(built_in.territories[r.territory].area_km2 * 100) for r in held.rows if r.holder == "russia"
    )
    assert f"{russia / 100:,.0f} km²" in visit.page.inner_text("#areas")
    visit.page.wait_for_timeout(200)
    assert "basis=de_facto" in visit.page.evaluate("location.hash")
    visit.page.check("[name='uda=north']")
    assert "uda=north" in visit.page.inner_text("#readings-line")


def test_in_a_sandbox_the_files_say_why_they_cannot_be_had(new_page, file, tmp_path):
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<!DOCTYPE html><title>x</title><iframe sandbox="allow-scripts" src="{file.as_uri()}" width="1000" '
        'height="900"></iframe>'
    )
    visit = new_page(viewport={"width": 1280, "height": 900})
    visit.page.goto(outer.as_uri())
    frame = visit.page.frame_locator("iframe")
    frame.locator("#options").click()
    assert frame.locator("#files").is_hidden()
    assert "does not let it save" in frame.locator("#files-note").inner_text()
    assert visit.is_quiet()


@pytest.mark.parametrize("width", [320, 360])
def test_ledger_fits_a_narrow_screen(opened, width):
    visit = opened("#date=1864-10-07&with=1860-01-01&mode=compare", viewport={"width": width, "height": 740})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    wider = visit.page.evaluate(
        """() => [...document.querySelectorAll('#ledger table')]
                 .map(table => [table.scrollWidth, table.parentElement.clientWidth])
                 .filter(([table, room]) => table > room)"""
    )
    assert wider == []


def test_print_of_two_sides_has_both(opened):
    visit = opened("#date=1860-11-14&with=1689-09-07&mode=swipe")
    visit.page.emulate_media(media="print")
    visit.page.wait_for_timeout(150)
    still = visit.page.locator("svg.static")
    clips = [float(e.get_attribute("x")) for e in still.locator("clipPath rect").all()]
    width = float(still.get_attribute("viewBox").split()[2])
    assert clips[1] == pytest.approx(width / 2, abs=1)
    assert still.locator(".lands").nth(0).get_attribute("clip-path") == "url(#print-map-clip-early)"

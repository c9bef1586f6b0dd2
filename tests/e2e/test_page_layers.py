"""Layers, clauses, search and files of the page in a browser."""

import json
import math
from importlib.resources import files

import numpy as np
import pytest
import shapely
import shapely.geometry
from pyproj import Transformer

from marchland.render.page import page
from marchland.render.projection import UNIT_M
from marchland.render.scene import build_scene

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def scene(built_in):
    return build_scene(built_in, 1860)


@pytest.fixture(scope="module")
def file(built_in, tmp_path_factory):
    return page(built_in, 1860, relief=True).save(tmp_path_factory.mktemp("layers") / "map.html")


@pytest.fixture
def opened(new_page, file):
    def visit(fragment="", **options):
        made = new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        return made.opened(file, fragment, live=True)

    return visit


def layer(visit, name):
    if visit.page.locator("#drawer").is_hidden():
        visit.page.click("#options")
    visit.page.click(f"[name=layer-{name}]")


def on_screen(visit, x, y):
    """Return where a point of the sheet stands on the screen."""
    return visit.page.evaluate(
        """([x, y]) => {
          const root = document.querySelector('.folium-map svg.map');
          const point = root.createSVGPoint();
          [point.x, point.y] = [x, y];
          const at = point.matrixTransform(root.getScreenCTM());
          return [at.x, at.y];
        }""",
        [x, y],
    )


def test_events_stand_about_the_date_and_tell_themselves(opened, built_in):
    visit = opened("#date=1969-03-02")
    layer(visit, "events")
    marks = visit.page.locator(".folium-map .event")
    titles = visit.page.locator(".folium-map .event title").all_text_contents()
    expected = [e for e in built_in.events.values() if e.edtf == "1969-03-02"]
    assert any(t.startswith(expected[0].names["en"]) for t in titles)
    assert len(titles) < len(built_in.events)
    index = next(i for i, t in enumerate(titles) if t.startswith(expected[0].names["en"]))
    marks.nth(index).locator(".target").dispatch_event("click")
    assert visit.page.inner_text("#panel-title") == expected[0].names["en"]
    assert expected[0].texts["en"] in visit.page.inner_text("#panel-rows")
    assert "Sources:" in visit.page.inner_text("#panel-rows")
    assert visit.is_quiet()


def test_bands_are_as_wide_as_the_doubt(opened, scene):
    visit = opened("#date=1700-01-01")
    layer(visit, "bands")
    widths = {float(e.get_attribute("stroke-width")) for e in visit.page.locator(".folium-map .band").all()}
    rows = scene.composite.frontier("1700-01-01").rows
    expected = {
        round(times * scene.composite.segments[r.segment].sigma_km * 1000 / UNIT_M)
        for r in rows
        for times in (2, 4)
    }
    assert widths == expected
    assert "none" in visit.page.locator(".folium-map .band").first.evaluate(
        "e => getComputedStyle(e).vectorEffect"
    )
    assert "σ" in visit.page.inner_text("#legend-lines")


def test_layers_can_be_taken_off_and_relief_laid_on(opened):
    visit = opened()
    assert visit.page.locator(".folium-map .relief image").count() == 0
    layer(visit, "relief")
    assert visit.page.locator(".folium-map .relief image").is_visible()
    for name, selector in (("rivers", ".river"), ("graticule", ".graticule")):
        layer(visit, name)
        assert visit.page.locator(f".folium-map {selector}").is_hidden()
    assert visit.page.locator(".folium-map .labels .place").count() > 10
    layer(visit, "places")
    assert visit.page.locator(".folium-map .labels .place").count() == 0
    assert visit.is_quiet()


def test_the_drawer_is_one_tab_stop_with_arrows(opened):
    visit = opened()
    visit.page.click("#options")
    visit.page.keyboard.press("Tab")  # search
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.closest('#drawer') !== null")
    first = visit.page.evaluate("document.activeElement.name")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    assert visit.page.evaluate("document.activeElement.name") != first
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.id") == "slider"


def test_a_click_on_the_line_tells_its_clause(opened, scene):
    visit = opened()
    rows = scene.composite.frontier(1860).rows
    row = max((r for r in rows if r.instrument == "peking-1860"), key=lambda r: r.length_km)
    segment = scene.composite.segments[row.segment]
    line = scene.mesh.lines[scene.mesh.ids.index(row.arcs[0])]
    visit.page.mouse.click(*on_screen(visit, *map(int, line[len(line) // 2])))
    names = scene.composite.instruments[segment.instrument].names
    assert visit.page.inner_text("#panel-title").startswith(names["en"])
    text = visit.page.inner_text("#panel-rows")
    assert f"{segment.sigma_km:g} km" in text
    assert scene.composite.places[segment.start].names["en"] in text
    visit.page.click("#lines-details summary")
    visit.page.wait_for_selector("#lines tr")
    assert visit.page.locator("#lines tr").count() == len(rows)
    assert visit.is_quiet()


@pytest.mark.parametrize(
    ("text", "name"), [("伯力", "Khabarovsk"), ("хабаровск", "Khabarovsk"), ("boli", "Khabarovsk")]
)
def test_search_finds_a_place_by_any_name_and_opens_its_land(opened, text, name):
    visit = opened()
    zoom = visit.page.evaluate("window.map_frontier.getZoom()")
    visit.page.locator("#search").focus()
    visit.page.keyboard.insert_text(text)
    options = visit.page.locator("#search-list [role=option]")
    assert options.first.inner_text().startswith(name)
    assert visit.page.get_attribute("#search", "aria-expanded") == "true"
    active = visit.page.get_attribute("#search", "aria-activedescendant")
    assert visit.page.get_attribute(f"#{active}", "aria-selected") == "true"
    visit.page.keyboard.press("Enter")
    assert visit.page.input_value("#search") == name
    assert visit.page.inner_text("#panel-title") == "Ussuri lands to the sea"
    assert visit.page.evaluate("window.map_frontier.getZoom()") > zoom
    assert options.count() == 0
    visit.page.locator("#search").fill("zzzz")
    assert visit.page.inner_text("#search-status") == "Nothing found"


def test_the_way_back_from_the_sheet_is_that_of_proj(opened, scene):
    """Less than a metre off all over the window, by the page's own script."""
    source = files("marchland.render").joinpath("assets/js/unproject.js").read_text("utf-8")
    lon, lat = (a.ravel() for a in np.meshgrid(np.linspace(60, 145, 18), np.linspace(34, 63, 12)))
    visit = opened()
    world = "+proj=eqearth +lon_0=11 +datum=WGS84 +units=m"
    for proj, parameters in (
        (scene.projection.proj, scene.projection.parameters),
        (world, {"name": "eqearth", "lon_0": 11}),
    ):
        x, y = Transformer.from_crs("OGC:CRS84", proj, always_xy=True).transform(lon, lat)
        back = visit.page.evaluate(
            "([p, points]) => { " + source + "; return points.map(([x, y]) => inverse(p)(x, y)); }",
            [parameters, np.column_stack([x, y]).tolist()],
        )
        east, north = (np.array(back) - np.column_stack([lon, lat])).T
        metres = np.hypot(east * np.cos(np.radians(lat)), north) * math.pi / 180 * 6378137
        assert metres.max() < 1


def test_shapes_saved_are_the_land_in_degrees(opened, scene):
    visit = opened("#date=1860-12-31")
    path = visit.saved("#save-geojson")
    data = json.loads(path.read_text("utf-8"))
    held = {row.territory: row for row in scene.composite.at("1860-12-31").rows}
    shapes = {f["properties"].get("territory"): f for f in data["features"] if "territory" in f["properties"]}
    assert len(shapes) >= len(held) - 1
    for name in ("ussuri-coast", "mongolia", "siberia", "amur-left-bank"):
        assert shapes[name]["properties"]["holder"] == held[name].holder
        shape = shapely.geometry.shape(shapes[name]["geometry"])
        assert shape.is_valid
        place = scene.composite.territories[name].label
        assert shape.buffer(0.2).covers(shapely.Point(place)), name
    lines = [f for f in data["features"] if f["geometry"]["type"] == "LineString"]
    assert {f["properties"]["instrument"] for f in lines} == {
        r.instrument for r in scene.composite.frontier("1860-12-31").rows
    }


def test_pictures_saved_stand_alone(opened, new_page, tmp_path):
    visit = opened("#date=1860-12-31&with=1858-01-01&mode=compare")
    path = visit.saved("#save-svg")
    text = path.read_text("utf-8")
    assert "var(--" not in text
    assert "OpenStreetMap" in text
    alone = tmp_path / "map.svg"
    alone.write_text(text, "utf-8")
    seen = new_page(viewport={"width": 1000, "height": 600})
    seen.page.goto(alone.as_uri())
    assert seen.page.locator(".moved").count() > 3
    assert seen.is_quiet()
    png = visit.saved("#save-png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert width == 3200
    assert height > 1000
    assert len(png) > 50_000  # a canvas that could not be drawn on is a few kilobytes of nothing
    assert visit.is_quiet()


def test_full_screen_button(opened):
    visit = opened()
    visit.page.click("#full")
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("document.fullscreenElement && document.fullscreenElement.id") == "stage"
    assert visit.page.get_attribute("#full", "aria-label") == "Leave full screen"


def test_a_locator_shows_where_one_is_once_one_is_close(opened):
    visit = opened("#date=2010-01-01")
    assert visit.page.locator("#locator").is_hidden()
    visit.page.locator("#search").focus()
    visit.page.keyboard.insert_text("kulja")
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("#locator").is_visible()
    sight, sheet = (visit.page.locator(f"#locator {name}").bounding_box() for name in (".sight", ".sea"))
    assert sight["width"] < 0.2 * sheet["width"]
    assert sheet["x"] < sight["x"] < sheet["x"] + sheet["width"] / 2  # Kulja lies in the west of the sheet
    visit.page.click("#whole")
    visit.page.wait_for_timeout(150)
    assert visit.page.locator("#locator").is_hidden()


def test_a_frame_learns_the_height_which_grows_and_shrinks(new_page, file, tmp_path):
    outer = tmp_path / "outer.html"
    outer.write_text(
        "<!DOCTYPE html><title>x</title><script>window.heights = [];"
        "addEventListener('message', e => heights.push([e.data.type, e.data.height]));</script>"
        f'<iframe sandbox="allow-scripts" src="{file.as_uri()}" width="900" height="500"></iframe>'
    )
    visit = new_page(viewport={"width": 1000, "height": 700})
    visit.page.goto(outer.as_uri())
    frame = visit.page.frame_locator("iframe")

    def last():
        visit.page.wait_for_timeout(200)
        heights = visit.page.evaluate("heights")
        assert {kind for kind, _ in heights} == {"marchland:height", "embed-size"}
        return heights[-1][1]

    frame.locator("#slider").wait_for()
    closed = last()
    frame.locator("#lands-details summary").click()
    assert last() > closed + 300
    frame.locator("#lands-details summary").click()
    assert last() == closed


def test_a_finger_scrolls_the_page_over_the_map(new_page, file):
    visit = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    visit.page.goto(file.as_uri())
    allowed = visit.page.evaluate("getComputedStyle(window.map_frontier.getContainer()).touchAction")
    assert allowed in {"pan-x pan-y", "auto", "manipulation"}
    assert not visit.page.evaluate("window.map_frontier.dragging.enabled()")


def test_work_of_a_step_is_counted(opened):
    """A figure for the report: attributes a step in time changes; a page that redraws would change all."""
    visit = opened("#date=1858-05-28")
    touched = visit.page.evaluate(
        """async () => {
          const map = document.querySelector('.folium-map svg.map .lands:nth-of-type(2)');
          let count = 0;
          const seen = new MutationObserver(records => { count += records.length; });
          seen.observe(map, { subtree: true, attributes: true, childList: true });
          document.getElementById('next').click();
          await new Promise(done => setTimeout(done, 50));
          return [count, map.children.length];
        }"""
    )
    print("attributes of land changed by a step:", *touched)  # noqa: T201 - figures for the report
    assert 0 < touched[0] < touched[1]

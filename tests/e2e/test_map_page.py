"""The page as a reader meets it: opened from disk in Chromium, with no network."""

import gzip
import json
import re
from dataclasses import replace

import pytest

from marchland import load
from marchland.render.page import page

pytestmark = pytest.mark.browser

DRAWN_MS = 300
STEP_MS = 5
SETTLE_MS = 150


@pytest.fixture(scope="session")
def toy_file(composite, tmp_path_factory):
    return page(composite, 1860).save(tmp_path_factory.mktemp("toy") / "map.html")


@pytest.fixture(scope="session")
def built_in_file(built_in, tmp_path_factory):
    return page(built_in, 1860).save(tmp_path_factory.mktemp("built-in") / "map.html")


@pytest.fixture(params=["toy_file", "built_in_file"])
def file(request):
    return request.getfixturevalue(request.param)


def opened(new_page, file, fragment="", **options):
    visit = new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
    return visit.opened(file, fragment, settle_ms=SETTLE_MS)


def address(visit):
    return visit.page.evaluate("location.hash")


def look_up(visit, text):
    """Find something by the keyboard and take the first that is offered."""
    visit.page.locator("#search").focus()
    visit.page.keyboard.type(text)
    visit.page.keyboard.press("Enter")


def heading(visit):
    return visit.page.inner_text("#heading")


def centre_of(visit, selector):
    """Return a point of the screen on an element: the middle of its box may lie beside an odd shape."""
    return visit.page.evaluate(
        """selector => {
          const shape = document.querySelector(selector), box = shape.getBoundingClientRect();
          for (let i = 1; i < 20; i += 1) for (let j = 1; j < 20; j += 1) {
            const x = box.left + box.width * i / 20, y = box.top + box.height * j / 20;
            if (document.elementFromPoint(x, y) === shape) return [x, y];
          }
          return null;
        }""",
        selector,
    )


def land(visit, name):
    number = visit.page.evaluate(
        """name => JSON.parse(document.getElementById('marchland-data').textContent)
             .lands.findIndex(land => land.id === name)""",
        name,
    )
    assert number >= 0
    return f'[data-land="{number}"]'


def test_opens_from_disk_without_network_or_error(new_page, file):
    visit = opened(new_page, file)
    assert visit.requests == [file.as_uri()]
    assert visit.is_quiet()
    assert heading(visit) == "The frontier on 31 December 1860"
    assert visit.page.locator(".folium-map svg.map .lands path").count() > 5
    assert visit.page.locator("svg.static").is_hidden()


def test_slider_stops_at_dates_of_change(new_page, toy_file):
    visit = opened(new_page, toy_file)
    slider = visit.page.locator("#slider")
    assert (
        slider.get_attribute("aria-valuetext") == "31 December 1860 (14 November 1860 – Convention of Peking)"
    )
    slider.focus()
    visit.page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "28 May 1858 – Treaty of Aigun"
    assert heading(visit) == "The frontier on 28 May 1858"
    assert visit.page.inner_text("#force") == "Latest instrument in force: Treaty of Aigun, 28 May 1858"
    visit.page.keyboard.press("Home")
    assert heading(visit) == "The frontier on 1 January 1640"
    assert "No agreed holder (contested, no line agreed)" in visit.page.inner_text("#legend-lands")
    visit.page.keyboard.press("End")
    assert heading(visit) == "The frontier on 14 October 2008"
    assert "Mongolia" in visit.page.inner_text("#legend-lands")
    assert "Russian Federation" in visit.page.inner_text("#areas")
    assert visit.is_quiet()


def test_buttons_step_and_play(new_page, toy_file):
    visit = opened(new_page, toy_file)
    visit.page.clock.install()
    visit.page.click("#previous")  # from 31 December to the change of that year first
    assert heading(visit) == "The frontier on 14 November 1860"
    visit.page.click("#previous")
    assert heading(visit) == "The frontier on 28 May 1858"
    visit.page.click("#next")
    assert heading(visit) == "The frontier on 14 November 1860"
    visit.page.click("#play")
    assert visit.page.get_attribute("#play", "aria-label") == "Pause"
    visit.page.clock.run_for(1500)
    assert heading(visit) == "The frontier on 7 October 1864"
    visit.page.click("#play")
    visit.page.clock.run_for(5000)
    assert heading(visit) == "The frontier on 7 October 1864"


def test_land_is_coloured_by_its_holder(new_page, toy_file):
    visit = opened(new_page, toy_file)
    fill = lambda name: visit.page.get_attribute(land(visit, name), "fill")  # noqa: E731
    assert fill("ussuri-coast") == "#88ccee"
    assert fill("manchuria") == "#ddcc77"
    assert fill("sakhalin").startswith("url(#map-fill-")
    visit.page.locator("#slider").focus()
    visit.page.keyboard.press("ArrowLeft")
    assert fill("ussuri-coast").startswith("url(#map-fill-")
    assert visit.page.locator(fill("ussuri-coast")[4:-1]).locator("[fill='#ddcc77']").count() == 1


def test_click_tells_who_held_it(new_page, toy_file):
    visit = opened(new_page, toy_file)
    visit.page.mouse.click(*centre_of(visit, land(visit, "left-bank")))
    panel = visit.page.locator("#panel")
    assert panel.is_visible()
    assert visit.page.inner_text("#panel-title") == "Left bank of the Amur"
    rows = panel.locator("li").all_inner_texts()
    assert len(rows) == 3
    assert "Treaty of Nerchinsk, art. 1" in rows[1]
    assert "7 September 1689 – 28 May 1858" in rows[1]
    assert "Treaty of Aigun, art. 1" in panel.locator("[aria-current]").inner_text()
    assert visit.page.evaluate("document.activeElement.id") == "panel-title"
    visit.page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert visit.page.evaluate("document.activeElement.id") == "map_frontier"


def test_history_by_keyboard(new_page, toy_file):
    visit = opened(new_page, toy_file)
    look_up(visit, "tuv")
    assert visit.page.inner_text("#panel-title") == "Tuva"
    visit.page.locator("#panel-close").focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("#panel").is_hidden()
    assert visit.page.evaluate("document.activeElement.id") == "search"


def test_state_is_in_the_address(new_page, toy_file):
    visit = opened(new_page, toy_file)
    visit.page.locator("#slider").focus()
    visit.page.keyboard.press("Home")
    look_up(visit, "Tuva")
    visit.page.click("#zoom-in")
    visit.page.wait_for_timeout(500)
    fragment = address(visit)
    assert re.fullmatch(r"#date=1640-01-01&land=tuva&view=-?[\d.]+,\d+,\d+", fragment)
    again = opened(new_page, toy_file, fragment)
    assert heading(again) == "The frontier on 1 January 1640"
    assert again.page.inner_text("#panel-title") == "Tuva"
    # Leaflet moves the centre to a whole pixel, which is some kilometres here
    numbers = [
        [float(n) for n in re.findall(r"[-\d.]+", f.rsplit("=", 1)[1])] for f in (fragment, address(again))
    ]
    assert numbers[0] == pytest.approx(numbers[1], abs=6)
    assert address(again).rsplit("&", 1)[0] == fragment.rsplit("&", 1)[0]
    between = opened(new_page, toy_file, "#date=1859-03-02")
    assert heading(between) == "The frontier on 2 March 1859"
    for nonsense in ("#date=1500-01-01&view=a,b&land=%3Cscript%3E", "#date=1859-13-77", "#%%%"):
        visit = opened(new_page, toy_file, nonsense)
        assert heading(visit) == "The frontier on 31 December 1860"
        assert visit.is_quiet()


@pytest.mark.parametrize("lang", ["ru", "zh"])
def test_other_languages(new_page, composite, tmp_path, lang):
    visit = opened(new_page, page(composite, 1860, lang=lang).save(tmp_path / "map.html"))
    expected = {
        "ru": ("Граница на 31 декабря 1860 г.", "28 мая 1858 г. – Айгунский договор"),
        "zh": ("1860年12月31日的边界", "1858年5月28日 – 瑷珲条约"),
    }
    assert heading(visit) == expected[lang][0]
    visit.page.locator("#slider").focus()
    visit.page.keyboard.press("ArrowLeft")
    assert visit.page.get_attribute("#slider", "aria-valuetext") == expected[lang][1]
    assert visit.is_quiet()


def test_script_says_what_the_page_said_without_it(new_page, file):
    with_script, without = opened(new_page, file), opened(new_page, file, java_script_enabled=False)
    for selector in (
        "title",
        "#heading",
        "#force",
        "#note",
        "#areas-date",
        "#areas",
        "#legend-lands",
        "#caption-date",
    ):
        live, still = (visit.page.locator(selector).first.text_content() for visit in (with_script, without))
        assert live == still, selector


@pytest.mark.parametrize("mode", ["no script", "empty sandbox"])
def test_without_script_there_is_a_map(new_page, file, tmp_path, mode):
    if mode == "no script":
        frame = opened(new_page, file, java_script_enabled=False).page
    else:
        frame = framed(new_page, file, tmp_path, "").page.frame_locator("iframe")
    still = frame.locator("svg.static")
    assert still.is_visible()
    assert still.bounding_box()["height"] > 200
    assert frame.locator("#legend-lands li").count() >= 3
    assert frame.locator("figcaption").is_visible()
    assert frame.locator("#slider").is_hidden()


def framed(new_page, file, tmp_path, sandbox):
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<!DOCTYPE html><title>x</title><iframe sandbox="{sandbox}" src="{file.as_uri()}" '
        'width="1000" height="900"></iframe>'
    )
    return opened(new_page, outer)


def test_works_in_a_sandbox(new_page, file, tmp_path):
    visit = framed(new_page, file, tmp_path, "allow-scripts")
    frame = visit.page.frame_locator("iframe")
    frame.locator("#next").click()
    assert frame.locator("#heading").inner_text() != "The frontier on 31 December 1860"
    assert frame.locator(".folium-map svg.map").is_visible()
    assert visit.is_quiet()


HOSTILE = "</script><img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_hostile_text_never_runs(new_page, composite, tmp_path, policy):
    names = dict.fromkeys(("en", "ru", "zh"), HOSTILE)
    bad = replace(
        composite,
        meta=replace(
            composite.meta,
            name=HOSTILE,
            title=HOSTILE,
            citation=HOSTILE,
            attribution=HOSTILE,
            hash=HOSTILE,
            licence=HOSTILE,
        ),
        territories={k: replace(t, names=names, note=HOSTILE) for k, t in composite.territories.items()},
        holders={k: replace(h, names=names, eras=()) for k, h in composite.holders.items()},
        instruments={k: replace(i, names=names) for k, i in composite.instruments.items()},
        places={k: replace(p, names=names) for k, p in composite.places.items()},
        tenures=tuple(replace(t, article=HOSTILE, note=HOSTILE) for t in composite.tenures),
    )
    html = page(bad, 1860).html()
    if not policy:
        html, number = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        assert number == 1
    file = tmp_path / "map.html"
    file.write_text(html, encoding="utf-8")
    visit = opened(new_page, file)
    look_up(visit, "a")
    visit.page.click("#previous")
    visit.page.hover(land(visit, "manchuria"), force=True)
    visit.page.click("#lands-details summary")
    visit.page.wait_for_timeout(SETTLE_MS)
    assert visit.page.evaluate("window.hacked") is None
    assert HOSTILE in visit.page.inner_text("#panel-title")
    assert visit.is_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_any_mode(new_page, built_in_file, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visit = opened(new_page, built_in_file, viewport={"width": width, "height": 800}, color_scheme=scheme)
    look_up(visit, "a")
    visit.page.click("#lands-details summary")
    visit.page.click("#options")
    check_axe(axe, visit)
    visit.page.click("#panel-close")
    visit.page.click("#compare")
    for mode in ("change", "swipe", "flicker"):
        visit.page.click(f"#mode-{mode}")
        check_axe(axe, visit)


def check_axe(axe, visit):
    found = axe.run(visit.page)
    assert found.violations_count == 0, found.generate_report()


def tab_stops(visit):
    visit.page.evaluate("document.activeElement.blur()")
    stops: list[str] = []
    for _ in range(30):
        visit.page.keyboard.press("Tab")
        stop = visit.page.evaluate(
            """() => {
              const at = document.activeElement;
              return at === document.body ? '' : at.id || at.parentElement.id || at.className || at.tagName;
            }"""
        )
        if stop in stops:
            break
        stops += [stop] if stop else []  # the body, between the last and the first
    print("tab stops:", ", ".join(stops))  # noqa: T201 - figures for the report
    return stops


def test_few_tab_stops_and_none_is_a_trap(new_page, file):
    visit = opened(new_page, file)
    look_up(visit, "a")  # with the panel open there is one more
    stops = tab_stops(visit)
    assert {"slider", "previous", "search", "map_frontier", "panel-close"} <= set(stops)
    assert len(stops) <= 10
    visit.page.click("#compare")
    visit.page.click("#mode-swipe")
    stops = tab_stops(visit)
    assert {"slider", "slider-other", "divider", "lands-details", "panel-close"} <= set(stops)
    assert len(stops) <= 10
    visit.page.click("#options")  # an open drawer is one more
    assert len(tab_stops(visit)) <= 11


def test_targets_are_large_enough(new_page, file):
    visit = opened(new_page, file, viewport={"width": 360, "height": 740})
    look_up(visit, "a")
    visit.page.click("#compare")
    visit.page.click("#mode-swipe")
    visit.page.click("#options")
    boxes = visit.page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, summary, a, #divider')]
                 .filter(target => target.getClientRects().length).map(target => {
          const box = target.getBoundingClientRect();
          return [target.id || target.className, box.width, box.height];
        })"""
    )
    assert len(boxes) > 15
    assert [b for b in boxes if min(b[1:]) < 24] == []


@pytest.fixture(scope="session")
def small_file(tmp_path_factory):
    """Land higher than wide on the sheet, that Bo took over: no basis, no frontier, no treaty."""
    square = {"type": "Polygon", "coordinates": [[[10, 50], [12, 50], [12, 52], [10, 52], [10, 50]]]}
    kept = {"type": "Polygon", "coordinates": [[[12, 50], [13, 50], [13, 52], [12, 52], [12, 50]]]}
    rows = [("Ada", "1900", "1950", square), ("Bo", "1950", None, square), ("Bo", "1900", None, kept)]
    features = [
        {"type": "Feature", "geometry": shape, "properties": {"holder": who, "start": since, "end": until}}
        for who, since, until, shape in rows
    ]
    folder = tmp_path_factory.mktemp("small")
    (folder / "land.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return page(load(folder / "land.json"), 1960).save(folder / "map.html")


@pytest.mark.parametrize("width", [320, 1280])
def test_figures_of_degrees_are_whole(new_page, small_file, width):
    visit = opened(new_page, small_file, viewport={"width": width, "height": 740})
    inside = visit.page.evaluate(
        """() => {
          const stage = document.getElementById("stage").getBoundingClientRect();
          return [...document.querySelectorAll("svg text.degree")].map((text) => {
            const box = text.getBoundingClientRect();
            return box.left >= stage.left && box.right <= stage.right && box.bottom <= stage.bottom;
          });
        }"""
    )
    assert len(inside) >= 3
    assert all(inside)


def test_a_page_of_other_land_says_nothing_that_makes_no_difference(new_page, small_file):
    visit = opened(new_page, small_file)
    assert visit.page.inner_text("figcaption").count("land.json") == 2  # the source, and the dataset
    assert visit.page.inner_text("#basis-line") == ""
    assert not visit.page.is_visible("#legend-lines")  # all of it is Bo's: there are no lines
    names = visit.page.locator(".folium-map svg text:not(.degree)").all_text_contents()
    assert names == ["Bo"]
    visit.page.click("#options")
    assert visit.page.is_visible("#layers-group")
    assert not visit.page.is_visible("#bases-group")


@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_sideways_scroll(new_page, file, width):
    visit = opened(new_page, file, viewport={"width": width, "height": 700})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    look_up(visit, "a")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_labels_do_not_touch(new_page, file):
    for width in (1280, 360):
        visit = opened(new_page, file, viewport={"width": width, "height": 740})
        visit.page.wait_for_timeout(SETTLE_MS)
        hits = visit.page.evaluate(
            """() => {
              const texts = [...document.querySelectorAll('.folium-map .labels text')];
              const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
              const found = [];
              for (let i = 0; i < boxes.length; i += 1) for (let j = 0; j < i; j += 1) {
                const [a, b] = [boxes[i][1], boxes[j][1]];
                const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (x > 2 && y > 4) found.push([boxes[i][0], boxes[j][0], x, y]);
              }
              return [boxes.length, found];
            }"""
        )
        assert hits[0] > 3
        assert hits[1] == []


def test_a_name_wider_than_its_land_is_not_moved_to_another(new_page, tmp_path):
    """Nine states a hundred pixels wide, their names wider: they go up and down, none aside."""
    rows = [(f"Grand Duchy of Number {n}", 10 + n % 3, 50 + n // 3) for n in range(9)]
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]],
            },
            "properties": {"holder": name, "start": "1800", "end": "1900"},
        }
        for name, x, y in rows
    ]
    (tmp_path / "land.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    file = page(load(tmp_path / "land.json"), 1850).save(tmp_path / "map.html")
    visit = opened(new_page, file, viewport={"width": 480, "height": 740})
    names = visit.page.locator(".folium-map svg text:is(.holder, .state)")
    shifts = [float(one.get_attribute("x")) for one in names.all()]
    assert shifts == [0] * 9


def test_wheel_scrolls_the_page_until_the_map_is_asked_for(new_page, file):
    visit = opened(new_page, file, viewport={"width": 1000, "height": 500})
    zoom = "window.map_frontier.getZoom()"
    before = visit.page.evaluate(zoom)
    box = visit.page.locator("#map_frontier").bounding_box()
    visit.page.mouse.move(box["x"] + 300, box["y"] + 150)
    visit.page.mouse.wheel(0, 200)
    visit.page.wait_for_timeout(400)
    assert visit.page.evaluate("scrollY") > 0
    assert visit.page.evaluate(zoom) == before
    visit.page.evaluate("scrollTo(0, 0)")
    visit.page.locator("#map_frontier").focus()
    box = visit.page.locator("#map_frontier").bounding_box()
    visit.page.mouse.move(box["x"] + 300, box["y"] + 150)
    visit.page.mouse.wheel(0, -200)
    visit.page.wait_for_timeout(600)
    assert visit.page.evaluate(zoom) > before


def test_drawn_and_stepped_in_time(new_page, file):
    visit = opened(new_page, file)
    drawn = visit.page.evaluate(
        """() => {
          const load = performance.getEntriesByType('navigation')[0];
          return load.domContentLoadedEventEnd - load.responseEnd;
        }"""
    )
    steps = visit.page.evaluate(
        """() => {
          const slider = document.getElementById('slider'), times = [];
          for (let round = 0; round < 3; round += 1) for (let i = 0; i <= Number(slider.max); i += 1) {
            const from = performance.now();
            slider.value = i;
            slider.dispatchEvent(new Event('input'));
            times.push(performance.now() - from);
          }
          return times.slice(Number(slider.max)).sort((a, b) => a - b);
        }"""
    )
    sent = re.sub(r'<svg class="map static".*?</svg>', "", file.read_text("utf-8"), flags=re.DOTALL)
    weight = len(gzip.compress(sent.encode(), 9))
    print(  # noqa: T201 - figures for the report
        f"drawn in {drawn:.0f} ms; step median {steps[len(steps) // 2]:.1f}, worst {steps[-1]:.1f} ms; "
        f"{weight / 1000:.0f} KB gz"
    )
    # The figures are printed; what is refused is only what no busy machine explains.
    assert drawn <= 10 * DRAWN_MS
    assert steps[len(steps) // 2] <= 10 * STEP_MS
    assert weight <= 200_000


def test_print_shows_the_date_on_screen_and_no_controls(new_page, toy_file):
    visit = opened(new_page, toy_file)
    visit.page.locator("#slider").focus()
    visit.page.keyboard.press("Home")
    visit.page.emulate_media(media="print")
    visit.page.wait_for_timeout(SETTLE_MS)
    for hidden in (".controls", "#panel", ".folium-map"):
        assert visit.page.locator(hidden).is_hidden()
    still = visit.page.locator("svg.static")
    assert still.is_visible()
    painted = {e.get_attribute("fill") for e in still.locator(".lands path").all()}
    assert any(p.startswith("url(#print-map-fill-") for p in painted)
    assert still.locator("text").count() > 5

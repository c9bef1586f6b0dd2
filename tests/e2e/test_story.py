"""The story in a real browser: it follows scroll, keys and address, and stands without a script."""

import re
from dataclasses import replace

import pytest

from marchland.render.story import story
from marchland.render.story.plan import shipped_stops

pytestmark = pytest.mark.browser

IDS = [stop.id for stop in shipped_stops()]
HOSTILE = "</script><img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
STILL = {"reduced_motion": "reduce"}
"""Nothing flies, so that nothing has to be waited for."""


@pytest.fixture(scope="module")
def file(told, tmp_path_factory):
    return told("en").save(tmp_path_factory.mktemp("story") / "story.html")


def opened(new_page, file, where="", **options):
    visit = new_page(**{"viewport": {"width": 1280, "height": 800}, **STILL, **options})
    return visit.opened(file, where)


def current(visit):
    return visit.page.eval_on_selector_all(
        "#nav a[aria-current]", "all => all.map((a) => a.getAttribute('href'))"
    )


def waited(visit, key):
    visit.page.wait_for_selector(f"#nav a[aria-current][href='#{key}']", state="attached")
    visit.page.evaluate("new Promise((done) => requestAnimationFrame(() => done(true)))")


def box(visit):
    return [float(side) for side in visit.page.get_attribute("#map", "viewBox").split()]


def test_opens_from_disk_and_follows_the_reader(new_page, file, told):
    visit = opened(new_page, file)
    for stop in (shipped_stops()[2], shipped_stops()[7], shipped_stops()[-1]):
        visit.page.evaluate("(id) => document.getElementById(id).scrollIntoView()", stop.id)
        waited(visit, stop.id)
        assert current(visit) == [f"#{stop.id}"]
        assert visit.page.inner_text("#readout") == told("en").scene.texts.date(stop.day)
        assert visit.page.evaluate("location.hash") == f"#{stop.id}"
        assert visit.page.get_attribute("#map", "aria-label").startswith("On the map: ")
    assert visit.is_quiet()


def test_a_link_opens_its_chapter_with_its_map(new_page, file, told, built_in):
    visit = opened(new_page, file, "#peking-1860")
    waited(visit, "peking-1860")
    scene = told("en").scene
    x, y = scene.projection.sheet([built_in.territories["ussuri-coast"].label])[0] / 10
    left, top, width, height = box(visit)
    assert left < x < left + width
    assert top < y < top + height
    assert width < 4000  # the map has gone there: the whole sheet is twice as wide
    land = list(scene.histories).index("ussuri-coast")
    assert visit.page.locator("#lands > *").nth(land).get_attribute("class") == "moved"
    assert visit.page.locator("#marks circle").count() >= 1
    drawn = visit.page.locator("#marks circle").first.bounding_box()
    assert 14 <= drawn["width"] <= 24
    assert visit.is_quiet()


def test_the_map_flies_unless_motion_is_unwanted(new_page, file):
    script = """() => new Promise((done) => {
      const boxes = new Set(), root = document.getElementById("map");
      const seen = new MutationObserver(() => boxes.add(root.getAttribute("viewBox")));
      seen.observe(root, { attributeFilter: ["viewBox"] });
      document.getElementById("harbin-1898").scrollIntoView();
      setTimeout(() => done(boxes.size), 1500);
    })"""
    assert opened(new_page, file).page.evaluate(script) == 1
    assert opened(new_page, file, reduced_motion="no-preference").page.evaluate(script) > 1  # on the way


def test_buttons_and_keys(new_page, file):
    visit = opened(new_page, file)
    assert visit.page.is_disabled("#previous")
    for key in IDS[1:4]:
        visit.page.click("#next")
        waited(visit, key)
    assert visit.page.evaluate("document.activeElement.id") == f"{IDS[3]}-title"
    visit.page.click("#previous")
    waited(visit, IDS[2])
    visit.page.focus("#nav a[aria-current]")
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate("document.activeElement.getAttribute('href')") == f"#{IDS[4]}"
    visit.page.keyboard.press("End")
    visit.page.keyboard.press("Enter")
    waited(visit, IDS[-1])
    assert visit.page.is_disabled("#next")
    visit.page.focus("#nav a[aria-current]")
    visit.page.keyboard.press("Home")
    assert visit.page.evaluate("document.activeElement.getAttribute('href')") == f"#{IDS[0]}"


def test_few_tab_stops_and_the_first_skips_to_the_story(new_page, file):
    visit = opened(new_page, file, "#aigun-1858")
    waited(visit, "aigun-1858")
    visit.page.evaluate(
        "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
    )
    stops = []
    for _ in range(14):
        visit.page.keyboard.press("Tab")
        stops.append(visit.page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
    whole = list(dict.fromkeys(stops))
    assert 'class="skip"' in whole[0]
    assert len(whole) <= 10


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(new_page, file, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visit = opened(
        new_page, file, "#st-petersburg-1881", viewport={"width": width, "height": 700}, color_scheme=scheme
    )
    waited(visit, "st-petersburg-1881")
    found = axe.run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    small = visit.page.eval_on_selector_all(
        "button, summary, nav a",
        "all => all.map((e) => e.getBoundingClientRect()).filter((r) => r.width < 24 || r.height < 24)",
    )
    assert small == []


def test_on_a_phone_the_map_stays_above_the_text(new_page, file):
    visit = opened(new_page, file, "#kyakhta-1727", viewport={"width": 360, "height": 740})
    waited(visit, "kyakhta-1727")
    stage = visit.page.locator("#stage").bounding_box()
    title = visit.page.locator("#kyakhta-1727-title").bounding_box()
    assert abs(stage["y"]) <= 1
    assert stage["y"] + stage["height"] <= title["y"] < 740
    assert stage["height"] < 0.6 * 740


def test_without_script_every_chapter_has_its_still(new_page, file):
    visit = opened(new_page, file, java_script_enabled=False)
    assert visit.page.locator("#map").bounding_box()["height"] > 200
    assert visit.page.locator("#steps").is_hidden()
    for key in IDS:
        still = visit.page.locator(f"#{key} .still")
        assert still.is_visible()
        assert still.bounding_box()["width"] > 300
    assert visit.page.locator("#nav a").count() == len(IDS)
    assert visit.is_quiet()


@pytest.mark.parametrize("allowed", ["allow-scripts", ""])
def test_works_in_a_sandbox(new_page, file, tmp_path, allowed):
    host = tmp_path / "host.html"
    host.write_text(
        f'<!DOCTYPE html><title>host</title><iframe sandbox="{allowed}" src="{file.as_uri()}" width="900"'
        ' height="700"></iframe>',
        encoding="utf-8",
    )
    visit = opened(new_page, host)
    frame = visit.page.frames[1]
    frame.wait_for_selector("#petlin-1618-title")
    assert frame.locator("#map").is_visible()
    if allowed:
        frame.click("#next")
        frame.wait_for_selector("#nav a[aria-current][href='#albazin-1685']", state="attached")
        assert visit.is_quiet()
    else:
        assert frame.locator("#aigun-1858 .still").is_visible()


def test_print_has_every_still_and_no_controls(new_page, file):
    visit = opened(new_page, file, "#harbin-1898")
    waited(visit, "harbin-1898")
    narrow = box(visit)[2]
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".bar").is_hidden()
    assert all(visit.page.locator(f"#{key} .still").is_visible() for key in IDS)
    visit.page.wait_for_selector("#marks:empty", state="attached")
    assert box(visit)[2] > 2 * narrow  # the map at the head is the whole one
    visit.page.emulate_media(media="screen")
    visit.page.wait_for_selector("#marks circle", state="attached")


@pytest.fixture(scope="module")
def hostile_html(built_in):
    names = dict.fromkeys(("en", "ru", "zh"), HOSTILE)
    bad = replace(
        built_in,
        meta=replace(built_in.meta, title=HOSTILE, titles={}, citation=HOSTILE, attribution=HOSTILE),
        holders={k: replace(h, names=names, eras=()) for k, h in built_in.holders.items()},
        places={k: replace(p, names=names) for k, p in built_in.places.items()},
        events={k: replace(e, names=names) for k, e in built_in.events.items()},
        bibliography={
            k: replace(s, title=HOSTILE, url="javascript:window.hacked=1")
            for k, s in built_in.bibliography.items()
        },
    )
    return story(bad, relief=False).html()


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_hostile_text_never_runs(new_page, hostile_html, tmp_path, policy):
    html = hostile_html
    if not policy:
        html, number = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        assert number == 1
    file = tmp_path / "story.html"
    file.write_text(html, encoding="utf-8")
    visit = opened(new_page, file, "#aigun-1858")
    waited(visit, "aigun-1858")
    visit.page.click("#next")
    visit.page.click("#bibliography summary")
    assert HOSTILE in visit.page.inner_text("#bibliography")
    assert HOSTILE in visit.page.evaluate("document.getElementById('names').textContent")
    assert visit.page.evaluate("window.hacked") is None
    assert visit.is_quiet()


@pytest.mark.parametrize("lang", ["ru", "zh"])
def test_other_languages(new_page, told, tmp_path, lang):
    visit = opened(new_page, told(lang).save(tmp_path / "story.html"), "#aigun-1858")
    waited(visit, "aigun-1858")
    texts = told(lang).scene.texts
    assert visit.page.inner_text("#readout") == texts.date(shipped_stops()[6].day)
    assert visit.page.inner_text("#aigun-1858-title") == texts.words["story_chapters"]["aigun-1858"]["title"]
    assert visit.page.locator("#aigun-1858 .card > p").first.inner_text()
    assert visit.is_quiet()


def test_other_data(new_page, composite, tmp_path):
    told = story(composite)
    visit = opened(new_page, told.save(tmp_path / "story.html"))
    last = told.plan.stops[-1].id
    visit.page.evaluate("(id) => document.getElementById(id).scrollIntoView()", last)
    waited(visit, last)
    assert visit.page.locator("#lands .moved").count() >= 1
    assert visit.is_quiet()

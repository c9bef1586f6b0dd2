"""Draw the pictures of maps_out/gallery and of the README, in Chromium.

The map page of a dozen dates, and every kind of page: wide, on a phone, dark, on paper, in three languages.

Needs the dev extra and a Chromium on the PATH: ``make gallery``. What was checked on each picture against the
record stands in maps_out/gallery/README.md, which is written by hand.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import marchland as ml
from marchland.render.story import story

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "maps_out" / "gallery"
README_PICTURE = ROOT / "docs" / "images" / "1859.png"

# Date and basis; the facts differ from right where it is given.
PLATES = (
    ("1650", "de_jure"),
    ("1700", "de_jure"),
    ("1750", "de_jure"),
    ("1859", "de_jure"),
    ("1875", "de_facto"),
    ("1900", "de_jure"),
    ("1915", "de_facto"),
    ("1935", "de_facto"),
    ("1950", "de_jure"),
    ("1969", "de_jure"),
    ("1992", "de_jure"),
    ("2010", "de_jure"),
)
WIDTH, HEIGHT = 1100, 900

WIDE, NARROW, SHEET = (1280, 800), (360, 740), (794, 1123)
LOOKS: tuple[tuple[str, str, tuple[int, int], str, str], ...] = (
    # name, language, size of the window, colour scheme, medium
    ("wide", "en", WIDE, "light", "screen"),
    ("dark", "en", WIDE, "dark", "screen"),
    ("phone", "en", NARROW, "light", "screen"),
    ("print", "en", SHEET, "light", "print"),
    ("ru", "ru", WIDE, "light", "screen"),
    ("zh", "zh", WIDE, "light", "screen"),
)
SETTLED_MS = 2500
"""The story's map has flown to its place by then."""

Maker = Callable[[ml.SpaceTimeComposite, str, Path], Path]


def _page(dataset: ml.SpaceTimeComposite, lang: str, folder: Path) -> Path:
    return ml.page(dataset, "1860", lang=lang).save(folder / f"page-{lang}.html")


def _kit(dataset: ml.SpaceTimeComposite, lang: str, folder: Path) -> Path:
    return (
        ml.article(dataset, "1858-05-27", "1860-11-14", lang=lang).save(folder / f"kit-{lang}") / "map.html"
    )


def _story(dataset: ml.SpaceTimeComposite, lang: str, folder: Path) -> Path:
    return story(dataset, lang=lang).save(folder / f"story-{lang}.html")


OUTPUTS: tuple[tuple[str, Maker, str], ...] = (
    # name, what makes it, where it is opened
    ("page", _page, ""),
    ("compare", _page, "#date=1860-11-14&with=1858-05-27&mode=compare"),
    ("kit", _kit, ""),
    ("story", _story, "#aigun-1858"),
)


def main() -> int:
    """Write every picture; 1 when there is no Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no chromium on the PATH; install it (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    GALLERY.mkdir(parents=True, exist_ok=True)
    README_PICTURE.parent.mkdir(exist_ok=True)
    dataset = ml.load("russia-china")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        draw_plates(browser, dataset, Path(scratch))
        draw_outputs(browser, dataset, Path(scratch))
        browser.close()
    shutil.copyfile(GALLERY / "1859.png", README_PICTURE)
    return 0


def draw_plates(browser: Browser, dataset: ml.SpaceTimeComposite, scratch: Path) -> None:
    """Draw the map page of every plate, cut below the map."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    for when, basis in PLATES:
        file = scratch / f"{when}.html"
        ml.page(dataset, when, basis=basis).save(file)
        page.goto(file.as_uri())
        page.wait_for_selector("#stage svg")
        picture = GALLERY / f"{when}{'' if basis == 'de_jure' else '-' + basis}.png"
        bottom = page.locator("#stage").bounding_box()
        assert bottom is not None
        height = bottom["y"] + bottom["height"] + 12
        page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
        with Image.open(picture) as image:  # a map of flat colours loses nothing by a palette
            small = image.convert("RGB").quantize(192, dither=Image.Dither.NONE)
        small.save(picture, optimize=True)
        print(picture.relative_to(ROOT))


def draw_outputs(browser: Browser, dataset: ml.SpaceTimeComposite, scratch: Path) -> None:
    """Draw every kind of page as it looks in each of the :data:`LOOKS`."""
    (GALLERY / "outputs").mkdir(exist_ok=True)
    made: dict[tuple[Maker, str], Path] = {}
    for name, maker, where in OUTPUTS:
        for look, lang, (width, height), scheme, medium in LOOKS:
            if (maker, lang) not in made:
                made[maker, lang] = maker(dataset, lang, scratch)
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(made[maker, lang].as_uri() + where)
            page.emulate_media(media=medium, color_scheme=scheme)
            page.wait_for_timeout(SETTLED_MS)
            shot = scratch / "shot.png"
            page.screenshot(path=shot)
            page.close()
            picture = GALLERY / "outputs" / f"{name}-{look}.webp"
            with Image.open(shot) as image:
                image.convert("RGB").save(picture, quality=82, method=6)
            print(picture.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())

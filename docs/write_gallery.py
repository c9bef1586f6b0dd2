"""Draw the pictures of maps_out/gallery and of the README: the map page of a dozen dates in Chromium.

Needs the dev extra and a Chromium on the PATH: ``make gallery``. What was checked on each picture against the
record stands in maps_out/gallery/README.md, which is written by hand.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import marchland as ml

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
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for when, basis in PLATES:
            file = Path(scratch) / f"{when}.html"
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
        browser.close()
    shutil.copyfile(GALLERY / "1859.png", README_PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Draw the README's two plates, aigun.png and islands.png, as `marchland article` does, but smaller.

Run it by `make gallery`.
"""

import io
from pathlib import Path

from PIL import Image

import marchland as ml

HERE = Path(__file__).parent
WIDTH = 1000
COLOURS = 192


def write(name: str, plate: bytes) -> None:
    """Write a plate at the README's width; a map of flat colours loses nothing by a palette."""
    with Image.open(io.BytesIO(plate)) as image:
        height = round(image.height * WIDTH / image.width)
        small = image.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    path = HERE / "images" / name
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.relative_to(HERE.parent))


if __name__ == "__main__":
    frontier = ml.load("russia-china")
    write("aigun.png", ml.article(frontier, 1857, 1859).plate().png())
    islands = ml.load(HERE / "examples" / "borders.geojson", title="Three countries", credit="Ann Author")
    write("islands.png", ml.article(islands, 1870, 1921).plate().png())

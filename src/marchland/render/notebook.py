"""Pictures of answers for notebooks: small SVGs that stand alone."""

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from marchland.layout import harmless
from marchland.render.inline import asset
from marchland.render.kit.extent import Extent, extent_of_change, extent_of_date, scene_of
from marchland.render.kit.page import change_map
from marchland.render.kit.pieces import kit_texts
from marchland.render.kit.prose import Prose
from marchland.render.light.drawing import LightMap
from marchland.render.light.frames import Framer

if TYPE_CHECKING:
    from marchland.answers import Snapshot
    from marchland.comparison import Comparison
    from marchland.timeseries import Series

WIDTH = 820
"""CSS pixels."""

_RULES = re.compile(r"/\* map \*/(.*?)/\* end of map \*/", re.DOTALL)
_REMARKS = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_NAMES = re.compile(r'(?<=id=")|(?<=href="#)|(?<=url\(#)')


def snapshot_svg(snapshot: "Snapshot") -> str:
    """Return the map of a snapshot's date."""
    composite = snapshot.composite
    extent = extent_of_date(composite, snapshot.date, snapshot.basis)
    scene = scene_of(composite, snapshot.date, extent, basis=snapshot.basis, lang="en")
    framer = Framer(scene)
    light = LightMap(framer, (framer.on(snapshot.date, view=extent.view),), 0, extent.view)
    return alone(light, Prose(scene, None).alt)


def comparison_svg(comparison: "Comparison") -> str:
    """Return the map of what changed; backwards in time it is the same land."""
    first, last = sorted((comparison.before, comparison.after), key=lambda snapshot: snapshot.date)
    forward = comparison if comparison.before is first else ~comparison
    extent: Extent = extent_of_change(forward)
    scene = scene_of(first.composite, last.date, extent, basis=last.basis, lang="en")
    label = kit_texts(scene)("change_label", before=first.date.isoformat(), after=last.date.isoformat())
    return alone(change_map(scene, forward, extent.view), label)


def series_svg(series: "Series") -> str:
    """Return the chart of a series."""
    from marchland.render.figures import series_figure

    return series_figure(series, how="svg").decode()


def alone(light: LightMap, label: str) -> str:
    """Return a light map as a whole SVG file: its own style, and names no other picture on the page has."""
    drawing = light.svg(label)
    prefix = f"m{sha256(drawing.encode()).hexdigest()[:8]}-"
    body = _NAMES.sub(prefix, drawing)
    found = _RULES.search(asset("light/light.css"))
    rules = _REMARKS.sub("", found.group(1) if found else "").replace(":root", ".light")
    rules = rules.replace("display: block; width: 100%; height: auto; ", "")  # it has a size of its own
    rules = rules.replace("path, circle {", f'[id^="{prefix}run-"], .light path, .light circle {{')
    for name in ("lines", "casings"):
        rules = rules.replace(f"#{name}", f"#{prefix}{name}")
    width, height = light.box[2], light.box[3]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{WIDTH * height / width:.0f}" '
        f"font-family=\"'Noto Sans', 'DejaVu Sans', sans-serif\" "
    )
    opening = body.index(">") + 1
    return harmless(head + body[len("<svg ") : opening] + f"<style>{rules}</style>" + body[opening:])

"""Charts as still pictures, drawn by matplotlib and the same to the last byte every time.

No state of matplotlib is touched: a figure is made, saved and forgotten.
"""

import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marchland.errors import UsageError
from marchland.layout import harmless
from marchland.model import NOT_STATED, Holder, name_in
from marchland.render.colours import blend, coloured

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from marchland.timeseries import Series

__all__ = ["series_figure"]

MOST = 6
"""Lines a reader can still tell apart."""

GREY = "#555555"
RC: Any = {
    "svg.hashsalt": "marchland",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.unicode_minus": False,
    "text.parse_math": False,  # a dollar in a name is a dollar
    "path.simplify": False,
}

WORDS = {
    "en": ("Land held, thousand km²", "Frontier, km", "nobody agreed on", "Lines, km"),
    "ru": ("Площадь, тыс. км²", "Граница, км", "не определено", "Линии, км"),
    "zh": ("面积(千平方公里)", "边界(公里)", "未定", "界线(公里)"),
}


def series_figure(
    series: "Series", *, holders: Sequence[str] = (), lang: str = "en", how: str = "svg"
) -> bytes:
    """Return a chart of a series: area per holder as steps with a band of two σ, and the frontier's length.

    Parameters
    ----------
    series
        What to draw.
    holders
        Ids of the holders wanted (``none``: land nobody was agreed on); empty takes the six whose land
        changed most.
    lang
        Language of names and axes.
    how
        ``svg`` or ``png``.

    Raises
    ------
    UsageError
        Another form than these.
    """
    if how not in ("svg", "png"):
        msg = f"a chart is svg or png, not {how!r}"
        raise UsageError(msg)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    with rc_context(RC):
        figure = Figure(figsize=(8.0, 5.0), layout="constrained")
        holders, known = holders or _liveliest(series), coloured(series.composite)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        ends = _areas(upper, series, {holder: _look(holder, known, lang) for holder in holders})
        _length(lower, series)
        upper.set_ylabel(WORDS[lang][0])
        lower.set_ylabel(WORDS[lang][1 if series.composite.parties else 3])
        _label_ends(upper, ends)
        _sign(figure, series)
        silent = {"Date": None, "Creator": "marchland"} if how == "svg" else {"Software": None}
        clean_text(figure)
        figure.savefig(stream, format=how, dpi=160, metadata=silent)
    return stream.getvalue()


def clean_text(figure: "Figure") -> None:
    """Take out of a figure's texts what fonts do not have and XML forbids."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_text(harmless(text.get_text()))


def _liveliest(series: "Series") -> list[str]:
    """Return the holders whose area varied most, the largest of them first."""
    areas: dict[str, list[float]] = {}
    for row in series.areas:
        areas.setdefault(row.holder or "none", []).append(row.area_km2)
    ranked = sorted(areas, key=lambda h: (min(areas[h]) - max(areas[h]), h))[:MOST]
    return sorted(ranked, key=lambda h: (-areas[h][-1], h))


def _areas(
    axes: "Axes", series: "Series", looks: Mapping[str, tuple[str, str]]
) -> list[tuple[float, str, str]]:
    """Draw the steps; return the last height, name and colour of those that run to the end."""
    ends = []
    for holder, (colour, name) in looks.items():
        rows = [row for row in series.areas if (row.holder or "none") == holder]
        days = [_year(row.date) for row in rows]
        areas = [row.area_km2 / 1000 for row in rows]
        pauses = [n for n, row in enumerate(rows[:-1]) if not row.area_km2]
        if rows[-1].area_km2:  # it holds to the end of the dataset
            days, areas = [*days, _year(series.composite.meta.as_of)], [*areas, areas[-1]]
        if all(row.sigma_km2 is not None for row in rows):
            sigma = [2 * (row.sigma_km2 or 0.0) / 1000 for row in rows]
            sigma += sigma[-1:] * (len(days) - len(sigma))
            low, high = ([a + sign * s for a, s in zip(areas, sigma, strict=True)] for sign in (-1, 1))
            axes.fill_between(days, low, high, step="post", color=colour, alpha=0.2, linewidth=0)
        drawn = [math.nan if n in pauses else area for n, area in enumerate(areas)]
        axes.step(days, drawn, where="post", color=colour, linewidth=1.4)
        if rows[-1].area_km2:
            ends.append((areas[-1], name, colour))
        else:
            _label_peak(axes, days, areas, name, colour)
    _tidy(axes)
    return ends


def _label_peak(axes: "Axes", days: Sequence[float], areas: Sequence[float], name: str, colour: str) -> None:
    """Name a line that ends before the others over its highest step."""
    top = max(range(len(areas)), key=lambda n: areas[n])
    axes.annotate(
        name,
        (days[top], areas[top]),
        xytext=(3, 3),
        textcoords="offset points",
        color=_letters(colour),
        fontsize=8,
    )


def _length(axes: "Axes", series: "Series") -> None:
    days = [*(_year(row.date) for row in series.lengths), _year(series.composite.meta.as_of)]
    lengths = [row.length_km for row in series.lengths]
    axes.step(days, [*lengths, *lengths[-1:]], where="post", color=GREY, linewidth=1.2)
    axes.set_ylim(bottom=0)
    _tidy(axes)


def _label_ends(axes: "Axes", ends: Sequence[tuple[float, str, str]]) -> None:
    """Name the lines at the right edge, moved apart where they would cover each other."""
    low, high = axes.get_ylim()
    apart, placed = (high - low) / 18, low - high
    for height, name, colour in sorted(ends):
        placed = max(height, placed + apart)
        axes.annotate(
            name,
            (1.01, placed),
            xycoords=("axes fraction", "data"),
            color=_letters(colour),
            va="center",
            fontsize=8,
            annotation_clip=False,
        )


def _letters(colour: str) -> str:
    """Return a colour dark enough to be read on white: the palette's lightest gets a contrast of 5 to 1."""
    return blend(colour, 0.55, "#000000")


def _look(holder: str, holders: Mapping[str, Holder], lang: str) -> tuple[str, str]:
    """Return colour and name of a holder, the colour that of the map."""
    known = holders.get(holder)
    if holder == "none" or known is None:
        return GREY, WORDS[lang][2] if holder == "none" else holder
    return known.colour, name_in(known.names, lang)


def _sign(figure: "Figure", series: "Series") -> None:
    meta = series.composite.meta
    told = [
        meta.label,
        str(series.basis).replace("_", " ") if series.composite.bases_differ else "",
        f"author {NOT_STATED}" if NOT_STATED in meta.attribution else meta.attribution,
    ]
    figure.supxlabel(" · ".join(filter(None, told)), fontsize=6, color=GREY)


def _tidy(axes: "Axes") -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.5)
    axes.margins(x=0)


def _year(day: "date") -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366

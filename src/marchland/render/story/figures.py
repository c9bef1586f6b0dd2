"""Figures and dates as the story writes them: rounded as far as they are known, in the reader's language."""

from marchland.dates import EdtfDate
from marchland.model import Claim
from marchland.render.kit.numbers import number
from marchland.render.texts import Texts


def length(texts: Texts, value_km: float) -> str:
    """Write a length to the ten kilometres: no line here is known better over its whole course.

    >>> from marchland.render.texts import load_texts
    >>> length(load_texts("en", "article", "story"), 4299.01)
    '4,300 km'
    """
    return texts("story_kilometres", value=number(texts, round(value_km, -1)))


def published(texts: Texts, claim: Claim) -> str:
    """Write a published figure, or the range of several."""
    ends = dict.fromkeys(v for v in (claim.low, claim.high) if v is not None)
    value = "–".join(number(texts, v, 0 if v == round(v) else 1) for v in ends)
    return texts("story_square" if claim.kind == "area_km2" else "story_kilometres", value=value)


def when(texts: Texts, edtf: str) -> str:
    """Write an EDTF date: a day or month in words, anything else as years.

    >>> from marchland.render.texts import load_texts
    >>> texts = load_texts("en", "article", "story")
    >>> [when(texts, edtf) for edtf in ("1685-06-26", "1618-09", "1654/1656", "1585~")]
    ['26 June 1685', 'September 1618', '1654–1656', 'c. 1585']
    """
    date = EdtfDate(edtf)
    if date.earliest is None or date.latest is None:
        return edtf
    if date.precision == "day":
        return texts.date(date.earliest)
    if date.precision == "month":
        month = texts.words["story_months"][date.earliest.month - 1]
        shown = texts("story_month", month=month, y=date.earliest.year)
    else:
        years = dict.fromkeys((date.earliest.year, date.latest.year))
        shown = texts("story_years", years="–".join(map(str, years)))
    return texts("story_about", when=shown) if date.approximate else shown

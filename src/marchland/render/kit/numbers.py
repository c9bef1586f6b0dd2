"""Figures as an article prints them: no digit beyond what the error bar supports."""

import math

from marchland.render.texts import Texts


def places_of(sigma: float) -> int:
    """Return the decimal place of the second digit of σ that counts: 2 is hundredths, -2 hundreds.

    >>> places_of(9900.35), places_of(60.18), places_of(0.1)
    (-2, 0, 2)
    """
    return 1 - math.floor(math.log10(sigma))


def rounded(value: float, sigma: float | None) -> tuple[float, float | None, int]:
    """Return a value and its σ rounded to the second digit of σ, and how many decimals that is.

    A σ that is absent or nothing leaves whole numbers.

    >>> rounded(310173.08, 10649.27)
    (310000.0, 11000.0, 0)
    >>> rounded(0.55, 0.104)
    (0.55, 0.1, 2)
    """
    if not sigma:
        return float(round(value)), None, 0
    places = places_of(sigma)
    error = round(sigma, places)
    places = places_of(error)  # 0.996 rounds to 1.0: a digit less
    return round(value, places), round(error, places), max(0, places)


def number(texts: Texts, value: float, decimals: int = 0) -> str:
    """Return a number with thousands and decimals parted as the language parts them."""
    whole, _, part = f"{value:,.{decimals}f}".partition(".")
    whole = whole.replace(",", str(texts.words["thousands"]))
    return whole + (str(texts.words["decimal"]) + part if part else "")


def area(texts: Texts, km2: float, sigma_km2: float | None) -> str:
    """Return an area with its standard deviation, in km²."""
    value, error, decimals = rounded(km2, sigma_km2)
    if error is None:
        return texts("plain_area", value=number(texts, value))
    return texts("plus_minus", value=number(texts, value, decimals), sigma=number(texts, error, decimals))

"""The tables of the analyses: series, matrix, the disagreement of two sources, and numbers carried over."""

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from marchland.errors import NotFoundError
from marchland.tables import Answer, Column, Value, table

if TYPE_CHECKING:
    from marchland.carrying import Carried
    from marchland.sources import Disagreement
    from marchland.timeseries import Matrix, Series

AREAS = (Column("date"), Column("holder"), Column("area_km2", 2), Column("sigma_km2", 2))
LENGTHS = (Column("date"), Column("length_km", 2), Column("sigma_km", 2))
SOURCES = (
    Column("holder_a"),
    Column("holder_b"),
    Column("agree"),
    Column("verdict"),
    Column("area_km2", 2),
    Column("pieces"),
    Column("largest_km2", 2),
    Column("lon", 3),
    Column("lat", 3),
)
WEIGHTS = (Column("source"), Column("target"), Column("area_km2", 2), Column("share", 6))
COVERED = (Column("source"), Column("date"), Column("area_km2", 2), Column("only_km2", 2))


def series_answer(series: "Series", *, holders: Collection[str] = (), lengths_first: bool = False) -> Answer:
    """Return area per holder and length of the frontier at every change date.

    Parameters
    ----------
    series
        What to show.
    holders
        Ids of the holders wanted, ``none`` for land nobody was agreed on; empty takes all.
    lengths_first
        Whether the lengths come first, and so are what CSV has.

    Raises
    ------
    NotFoundError
        A holder has no land at any date.
    """
    known = {row.holder or "none" for row in series.areas}
    for holder in holders:
        if holder not in known:
            msg = f"{holder!r} holds no land here on this basis"
            close = get_close_matches(holder, sorted(known), n=3)
            raise NotFoundError(msg, suggestions=close or sorted(known))
    wanted = set(holders) or known
    basis = str(series.basis).replace("_", " ")
    areas = table(
        "areas",
        f"Land held from each date on, {basis}",
        AREAS,
        (_fields(row) for row in series.areas if (row.holder or "none") in wanted),
    )
    which = "all lines between holders" if series.frontier == "all" else f"the frontier {series.frontier}"
    lengths = table("frontier", f"Length of {which}, {basis}", LENGTHS, map(_fields, series.lengths))
    parts = (lengths, areas) if lengths_first else (areas, lengths)
    return Answer(parts, series.stamp)


def matrix_answer(matrix: "Matrix") -> Answer:
    """Return the area, km², with another holder on one date than on another, a row and a column a date."""
    columns = (Column("date"), *(Column(label, 2) for label in matrix.labels))
    records = [
        {"date": label, **dict(zip(matrix.labels, row, strict=True))}
        for label, row in zip(matrix.labels, matrix.changed_km2.tolist(), strict=True)
    ]
    basis = str(matrix.basis).replace("_", " ")
    return Answer(
        (table("rows", f"Land with another holder on the other date, km², {basis}", columns, records),),
        matrix.stamp,
    )


def sources_answer(found: "Disagreement", *, everything: bool = False) -> Answer:
    """Return where two sources differ on a date and by how much, and what only one of them covers.

    With ``everything`` the land on which they agree has rows too.
    """
    first, second = found.a.name, found.b.name
    rows = [_fields(row) for row in found.rows if everything or not row.agree]
    for row in rows:
        row["agree"] = "yes" if row["agree"] else "no"
    title = f"Where {first} (a) and {second} (b) differ" if not everything else f"{first} (a), {second} (b)"
    covered = [
        {"source": side.name, "date": side.date, "area_km2": area, "only_km2": only}
        for side, area, only in (
            (found.a, found.area_a_km2, found.only_a_km2),
            (found.b, found.area_b_km2, found.only_b_km2),
        )
    ]
    head = {
        "common_km2": round(found.common_km2, 2),
        "disagreement_km2": round(found.disagreement_km2, 2),
    }
    total: tuple[Value, ...] = ("differ", *[None] * 3, head["disagreement_km2"], *[None] * 4)
    differ = replace(table("rows", title, SOURCES, rows), total=total)
    parts = (differ, table("sources", "Covered, where both bounding boxes meet", COVERED, covered))
    return Answer(parts, found.stamp, head)


def carried_answer(found: "Mapping[str, Carried]") -> Answer:
    """Return numbers carried to the units of another date, one column each, and the land that carried them.

    ``found`` is by the names of the columns and not empty.
    """
    one = next(iter(found.values()))
    units = sorted(
        {unit for each in found.values() for unit in each.values}, key=lambda u: (u is None, u or "")
    )
    rows = [{"unit": unit, **{name: each.values.get(unit) for name, each in found.items()}} for unit in units]
    columns = (Column("unit"), *(Column(name, 3) for name in found))
    first, last = one.dates
    sums = (math.fsum(each.values.values()) for each in found.values())
    carried = replace(
        table("rows", f"From the holders of {first} to those of {last}, by area", columns, rows),
        total=("all", *(round(value, 3) for value in sums)),
    )
    weights = table("weights", "Land carried", WEIGHTS, [_fields(weight) for weight in one.weights])
    return Answer((carried, weights), one.stamp)


def _fields(row: object) -> dict[str, Any]:
    names: dict[str, object] = getattr(type(row), "__dataclass_fields__", {})
    return {name: getattr(row, name) for name in names}

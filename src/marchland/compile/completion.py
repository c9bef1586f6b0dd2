"""Tenures made complete: on each basis every territory has exactly one holder at every moment.

Only what was true by right is authored throughout; facts are authored where they differed. The rest of the de
facto history is the de jure one, and is written out here so that no reader of the model has to know of the
shortcut.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise

from marchland.errors import CompileError
from marchland.model import Basis, Tenure

FAR_FUTURE = date.max


def complete_tenures(authored: Iterable[Tenure], *, first_date: date) -> tuple[Tenure, ...]:
    """Return the tenures of both bases, without gap or overlap from ``first_date`` on.

    Sorted by territory, basis and start.

    Raises
    ------
    CompileError
        A territory's de jure tenures leave a gap or overlap, or its de facto ones overlap; the message names
        the dates.
    """
    by_key: dict[tuple[str, Basis], list[Tenure]] = {}
    for tenure in sorted(authored, key=lambda t: (t.territory, t.basis, t.start)):
        by_key.setdefault((tenure.territory, tenure.basis), []).append(tenure)
    complete: list[Tenure] = []
    for territory in sorted({key[0] for key in by_key}):
        by_right = by_key.get((territory, Basis.DE_JURE), [])
        in_fact = by_key.get((territory, Basis.DE_FACTO), [])
        _check_chain(territory, by_right, first_date)
        _check_apart(territory, in_fact)
        in_effect = [replace(tenure, basis=Basis.DE_FACTO) for tenure in by_right]
        complete += by_right + _merge(_overlaid(in_effect, in_fact))
    return tuple(sorted(complete, key=lambda t: (t.territory, t.basis == Basis.DE_FACTO, t.start)))


def read_otherwise(
    authored: Iterable[Tenure], patches: Iterable[Tenure], *, first_date: date
) -> tuple[Tenure, ...]:
    """Return the complete tenures of the patched territories, with each patch in place of what it covers.

    Raises
    ------
    CompileError
        As :func:`complete_tenures`.
    """
    patched = sorted(patches, key=lambda t: t.start)
    touched = {patch.territory for patch in patched}
    kept = [t for t in authored if t.territory in touched]
    replaced: list[Tenure] = []
    for key in sorted({(t.territory, t.basis) for t in (*kept, *patched)}):
        chain = sorted((t for t in kept if (t.territory, t.basis) == key), key=lambda t: t.start)
        replaced += _overlaid(chain, [p for p in patched if (p.territory, p.basis) == key])
    return complete_tenures(replaced, first_date=first_date)


def _check_chain(territory: str, tenures: list[Tenure], first_date: date) -> None:
    if not tenures or tenures[0].start != first_date:
        msg = f"{territory}: the first de jure tenure must start on {first_date}"
        raise CompileError(msg)
    for before, after in pairwise(tenures):
        if before.end != after.start:
            what = "overlap" if before.end is None or before.end > after.start else "gap"
            msg = (
                f"{territory}: {what} between the de jure tenures from {before.start} and from"
                f" {after.start}; let the one end where the other starts"
            )
            raise CompileError(msg)
    if tenures[-1].end is not None:
        msg = f"{territory}: nobody holds it from {tenures[-1].end} on; add a tenure or leave the end empty"
        raise CompileError(msg)


def _check_apart(territory: str, tenures: list[Tenure]) -> None:
    for before, after in pairwise(tenures):
        if before.end is None or before.end > after.start:
            msg = f"{territory}: the de facto tenures from {before.start} and from {after.start} overlap"
            raise CompileError(msg)


def _overlaid(tenures: list[Tenure], others: list[Tenure]) -> list[Tenure]:
    """Cut the tenures where another one stands, and put that in."""
    result: list[Tenure] = list(others)
    for tenure in tenures:
        start, end = tenure.start, tenure.end or FAR_FUTURE
        for other in others:
            if (other.end or FAR_FUTURE) <= start or other.start >= end:
                continue
            if other.start > start:
                result.append(_part(tenure, start, other.start))
            start = other.end or FAR_FUTURE
        if start < end:
            result.append(_part(tenure, start, end))
    return sorted(result, key=lambda t: t.start)


def _part(tenure: Tenure, start: date, end: date) -> Tenure:
    return replace(tenure, start=start, end=None if end == FAR_FUTURE else end)


def _merge(tenures: list[Tenure]) -> list[Tenure]:
    """Join neighbours that say the same, so that a fact which later became right is told once."""
    joined: list[Tenure] = []
    for tenure in tenures:
        last = joined[-1] if joined else None
        if last and last.end == tenure.start and replace(last, start=tenure.start, end=tenure.end) == tenure:
            joined[-1] = replace(last, end=tenure.end)
        else:
            joined.append(tenure)
    return joined

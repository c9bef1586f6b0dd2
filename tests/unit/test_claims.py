"""Published figures beside the dataset's: on two squares of known size, and on the whole frontier."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from marchland.claims import (
    AGREES,
    DIFFERS,
    EXPLAINED,
    LENGTH_ERROR,
    NOT_COMPUTED,
    check_claims,
    measure,
)
from marchland.errors import DateError, NotFoundError
from marchland.model import Claim

# two squares with two arcs of 55.625 km between them, σ 2.5 km; 10 km² a km of σ squared in covariance
_SQUARES = runpy.run_path(str(Path(__file__).parents[1] / "cli" / "conftest.py"))["toy_composite"]
SIGMA_KM2 = 2.5 * math.sqrt(4 + 4 + 2 * 1)


@pytest.fixture(scope="module")
def squares():
    return _SQUARES()


def claimed(low, high, formula="territories:east on=1690-01-01", explanation=""):
    return Claim("one", "area_km2", "The east", "about 8,000", low, high, formula, explanation=explanation)


def verdict(squares, claim):
    return check_claims(replace(squares, claims={"one": claim}))[0].verdict


def test_area_of_territories(squares):
    figure = measure(squares, "territories:east on=1690-01-01")
    assert figure.value == 7_900.25
    assert figure.sigma == pytest.approx(SIGMA_KM2)
    both = measure(squares, "territories:east+west on=1690-01-01")
    assert both.value == 15_800.75
    assert both.sigma == 0.0  # no line runs around them


def test_area_that_changed_hands(squares):
    assert measure(squares, "compare:1699-12-31..1700-01-01 from=china").value == 7_900.25
    assert measure(squares, "compare:1699-12-31..1700-01-01 to=russia").value == 0.0
    assert measure(squares, "compare:1860-11-13..1860-11-14 to=russia").value == 7_900.25
    assert (
        measure(squares, "compare:1849-12-31..1850-01-01 basis=de_facto from=china to=russia").value
        == 7_900.25
    )
    assert measure(squares, "compare:1849-12-31..1850-01-01").value == 0.0


def test_length_of_the_frontier(squares):
    figure = measure(squares, "frontier:1690-01-01")
    assert figure.value == 111.25
    # 2 per cent of the length, and the doubt about both ends of one clause
    assert figure.sigma == pytest.approx(math.hypot(0.02 * 111.25, math.sqrt(2) * 2.5))
    assert measure(squares, "frontier:1690-01-01 instruments=nerchinsk-1689").value == 111.25
    assert measure(squares, "frontier:1690-01-01 segments=nerchinsk-1").value == 111.25
    assert measure(squares, "frontier:1690-01-01 except=nerchinsk-1").value == 0.0
    assert measure(squares, "frontier:1690-01-01 instruments=peking-1860").value == 0.0
    assert measure(squares, "frontier:1855-01-01 basis=de_facto").value == 0.0


def test_length_between_two_holders(squares):
    assert measure(squares, "border:china,russia on=1690-01-01").value == 111.25
    assert measure(squares, "border:russia,china on=1690-01-01").value == 111.25
    assert measure(squares, "border:china,russia").value == 0.0  # on the last day all is Russian
    assert measure(squares, "border:china,third:japan on=1690-01-01").value == 0.0


def test_distance_between_places(squares):
    figure = measure(squares, "distance:verkhne,vladivostok")  # one degree along 50.5° north
    assert figure.value == pytest.approx(71.0, abs=0.1)
    assert figure.sigma == pytest.approx(math.sqrt(2.0))


def test_share(squares):
    figure = measure(squares, "share:east/east+west")
    assert (figure.value, figure.sigma) == (pytest.approx(100 * 7_900.25 / 15_800.75), None)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (7_000, 8_000, AGREES),
        (7_900.25, 7_900.25, AGREES),
        (7_900.25 + 2 * SIGMA_KM2 - 0.01, 9_000, AGREES),
        (7_900.25 + 2 * SIGMA_KM2 + 0.01, 9_000, DIFFERS),
        (7_000, 7_900.25 - 2 * SIGMA_KM2 + 0.01, AGREES),
        (7_000, 7_900.25 - 2 * SIGMA_KM2 - 0.01, DIFFERS),
        (None, 7_000, DIFFERS),
        (7_000, None, AGREES),
    ],
)
def test_a_figure_agrees_within_two_sigma(squares, low, high, expected):
    assert verdict(squares, claimed(low, high)) == expected


def test_a_difference_may_be_explained_and_a_figure_be_missing(squares):
    assert verdict(squares, claimed(1, 2, explanation="It counts the west.")) == EXPLAINED
    assert verdict(squares, claimed(1, 2, formula="", explanation="No line here.")) == NOT_COMPUTED


def test_claims_by_name(squares):
    composite = replace(
        squares, claims={key: replace(claimed(1, 2), id=key) for key in ("one", "two", "three")}
    )
    assert [finding.claim.id for finding in check_claims(composite)] == ["one", "two", "three"]
    assert [finding.claim.id for finding in check_claims(composite, "three", "one")] == ["one", "three"]
    with pytest.raises(NotFoundError, match="no claim 'thre'") as caught:
        check_claims(composite, "thre")
    assert "three" in caught.value.suggestions


def test_a_formula_may_not_ask_outside_the_dates(squares):
    with pytest.raises(DateError):
        measure(squares, "frontier:1500-01-01")


# --- the whole frontier


@pytest.fixture(scope="module")
def findings(built_in):
    return {finding.claim.id: finding for finding in check_claims(built_in)}


def test_no_difference_is_left_without_a_reason(findings):
    assert [key for key, finding in findings.items() if finding.verdict == DIFFERS] == []
    mute = [key for key, f in findings.items() if f.verdict == NOT_COMPUTED and not f.claim.explanation]
    assert mute == []


def test_the_claim_of_the_book(findings):
    then, today = findings["book-length-1900"], findings["book-length-today"]
    assert 11_000 < then.figure.value < 11_700
    assert 150 < then.figure.sigma < 300
    assert (then.verdict, today.verdict) == (AGREES, AGREES)
    assert 4_100 < today.figure.value < 4_400
    assert findings["china-mongolia"].verdict == AGREES


def test_the_figure_of_400_000_counts_sakhalin(findings):
    assert findings["peking-ussuri"].verdict == EXPLAINED
    assert "Sakhalin" in findings["peking-ussuri"].claim.explanation
    assert findings["peking-ussuri-sakhalin"].verdict == AGREES


def test_the_error_of_lengths_is_what_the_borders_of_today_show(findings):
    official = ("russia-china", "china-kazakhstan", "china-kyrgyzstan", "china-tajikistan", "russia-mongolia")
    share = []
    for key in official:
        claim = findings[key].claim
        nearest = min(max(findings[key].figure.value, claim.low), claim.high)
        share.append(findings[key].figure.value / nearest - 1)
    spread = math.sqrt(sum(value**2 for value in share) / len(share))
    assert LENGTH_ERROR / 2 < spread <= LENGTH_ERROR


def test_most_published_figures_are_borne_out(findings):
    computed = [finding for finding in findings.values() if finding.verdict != NOT_COMPUTED]
    agreed = [finding for finding in computed if finding.verdict == AGREES]
    assert len(computed) >= 50
    assert len(agreed) >= 40

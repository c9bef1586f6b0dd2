"""Files with one fault each: an exact message, or a repair that is listed."""

import json
import warnings
from pathlib import Path

import pytest

import marchland
from marchland.errors import DataError

CASES = Path(__file__).parents[1] / "cases" / "hostile"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))


def test_every_file_has_an_expectation():
    assert {path.stem for path in CASES.glob("*.geojson")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_is_told(name):
    wanted, path = EXPECTED[name], CASES / f"{name}.geojson"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy on coordinates that are no numbers
        if "error" in wanted:
            with pytest.raises(DataError) as caught:
                marchland.load(path, "versions")
            assert str(caught.value).replace(str(path), "FILE").startswith(wanted["error"])
            return
        ds = marchland.load(path, "versions")
    if "issue" in wanted:
        told = [issue.message for issue in ds.reading_report if issue.code == wanted["issue"]]
        assert wanted["says"] in told
    else:
        assert wanted["holder"] in {row.holder for row in ds.at(1900).rows}
    assert ds.locate(1.5, 0.5) is not None or name == "across-180"

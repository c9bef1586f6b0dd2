"""Names made to harm: they steer a terminal, mean something to a typesetter or spreadsheet, or never end."""

import csv
import json
from xml.etree import ElementTree

import pytest

import marchland
from marchland.cli.main import main

STEERING = "A\x1b[2J\x1b]0;x\x07\r\u202eb\u2028"
MATHS = "a$\\frac{$b^{c_"
SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


@pytest.fixture
def land(tmp_path):
    """Write land that one holder had, and after it another one."""

    def write(name):
        features = [
            {
                "type": "Feature",
                "properties": {"holder": holder, "start": start, "end": end},
                "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
            }
            for holder, start, end in ((name, "1900", "1920"), ("Bo", "1921", "1950"))
        ]
        path = tmp_path / "land.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write


def steers(text):
    return [char for char in STEERING if not char.isprintable() and char in text]


@pytest.mark.parametrize("how", ["table", "md"])
def test_a_name_does_not_steer_a_terminal(land, capfdbinary, how):
    path = str(land(STEERING))
    for words in (("compare", "1910", "1930"), ("series",), ("where", "0.5", "0.5")):
        assert main([*words, "--data", path, "-f", how]) == 0
        out, err = (text.decode() for text in capfdbinary.readouterr())
        assert "A\ufffd" in out
        assert (steers(out), steers(err)) == ([], [])


def test_a_message_with_a_name_does_not_steer_a_terminal(land, capfdbinary):
    path = str(land(STEERING))
    assert main(["series", "--holder", "nobody", "--data", path]) == 4
    assert main(["series", "--holder", STEERING, "--data", path + STEERING]) == 3
    err = capfdbinary.readouterr().err.decode()
    assert "A\ufffd[2J" in err
    assert steers(err) == []


@pytest.mark.parametrize("name", [STEERING, MATHS])
def test_a_name_is_drawn_as_it_is(land, name):
    """Pictures are whole, with no warning: a name is no formula, and has no character that XML forbids."""
    ds = marchland.load(land(name))
    plate = marchland.article(ds, 1910).plate()
    assert plate.png().startswith(b"\x89PNG")
    assert plate.pdf().startswith(b"%PDF")
    for drawn in (
        plate.svg().decode(),
        ds.at(1910)._repr_svg_(),
        marchland.compare(ds, 1910, 1930)._repr_svg_(),
        marchland.series(ds)._repr_svg_(),
    ):
        words = "".join(ElementTree.fromstring(drawn).itertext())
        assert "\ufffd" in words or MATHS in words or "Bo" in words
    assert MATHS not in name or MATHS in "".join(ElementTree.fromstring(plate.svg()).itertext())


def test_a_very_long_name_is_kept_and_drawn(land):
    name = "Ada" * 100_000
    ds = marchland.load(land(name))
    assert list(ds.holders) == [name, "Bo"]
    assert name in marchland.page(ds, 1910).html()


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", 'a"\n,b', "\t=1"])
def test_csv_is_rows_and_nothing_else(land, capfdbinary, name):
    """A cell is what the data say, whatever a spreadsheet makes of it; quoting is the CSV reader's own."""
    assert main(["compare", "1910", "1930", "--data", str(land(name)), "-f", "csv"]) == 0
    rows = list(csv.DictReader(capfdbinary.readouterr().out.decode().splitlines(keepends=True)))
    assert [row["from"] for row in rows] == [name.strip()]

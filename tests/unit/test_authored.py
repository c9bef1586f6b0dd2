"""What a historian writes is read into the model, and a slip of the pen is named with its file and id."""

import shutil
from datetime import date

import pytest

from marchland.compile.authored import Reference, read_authored
from marchland.errors import CompileError
from marchland.model import Basis, Rule, Stage, Status

FIRST = date(1640, 1, 1)


@pytest.fixture
def root(small_sources, tmp_path):
    return shutil.copytree(small_sources, tmp_path / "small")


@pytest.fixture
def edit(root):
    """Replace text in an authored file, which must hold it, then read the folder."""

    def change(name, old, new):
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_authored(root, first_date=FIRST)

    return change


@pytest.fixture(scope="module")
def authored(small_sources):
    return read_authored(small_sources, first_date=FIRST)


def test_places(authored):
    fork = authored.places["fork"]
    assert (fork.lon, fork.lat, fork.accuracy_km, fork.kind, fork.rank) == (110, 50, 2, "node", 2)
    assert fork.names == {"en": "Fork", "ru": "Развилка", "zh": "岔口", "pinyin": "Chàkǒu"}
    assert fork.aliases == ("Forks", "Y")
    assert authored.places["ford"].rank == 3
    assert authored.places["ford"].aliases == ()


def test_territories_and_masks(authored):
    assert list(authored.territories) == ["north", "middle", "south", "isle"]
    assert authored.territories["middle"].label == (116, 49.5)
    assert authored.territories["middle"].note == "Between the ridge and the river."
    assert authored.masks == {"south": (120.4, 52.4, 120.7, 52.7)}
    assert authored.backdrop == {"outland": (100.5, 44.5)}
    assert authored.references == (Reference("borders/outer", 0.2, None),)


def test_holders_have_their_eras_in_order(authored):
    assert [era.names["en"] for era in authored.holders["china"].eras] == ["Qing Empire", "Republic of China"]
    assert authored.holders["russia"].eras == ()


def test_tenures_are_complete(authored):
    by_right = [t for t in authored.tenures if t.basis == Basis.DE_JURE]
    assert len(by_right) == 7
    first = next(t for t in by_right if t.territory == "middle")
    assert (first.holder, first.status, first.instrument, first.certainty) == (
        None, Status.CONTESTED, None, "medium"
    )  # fmt: skip
    in_fact = [(t.holder, t.start.year) for t in authored.tenures if t.basis == Basis.DE_FACTO][2:6]
    assert in_fact == [(None, 1640), ("china", 1700), ("russia", 1790), ("russia", 1800)]


def test_instruments_and_clauses(authored):
    first = authored.instruments["first-1700"]
    assert (first.date, first.signed, first.until, first.frontier) == (
        date(1700, 3, 1), "1700-02-18", None, True
    )  # fmt: skip
    assert first.aliases == ("Old Treaty",)
    assert first.articles[0].ref == "1"
    assert authored.instruments["never-1850"].date is None
    ridge = next(c for c in authored.clauses if c.segment.id == "first-1700/ridge")
    assert (ridge.start, ridge.end, ridge.along, ridge.via) == ("fork", "east-cape", "divides/ridge", ())
    assert ridge.segment.rule == Rule.WATERSHED
    assert ridge.segment.stage == Stage.ALLOCATED
    assert (ridge.segment.since, ridge.segment.until) == (date(1700, 3, 1), date(1800, 6, 1))


def test_since_until_stage_via_and_overshoot(edit):
    edit("instruments/second-1800.toml", 'along = "rivers/great"\n', 'from_on = "rivers/great"\n')
    data = edit(
        "instruments/second-1800.toml",
        'stage = "delimited"\n',
        "since = 1801-02-03\nvia = [[112, 49], [113, 48.5]]\novershoot_km = 12\nbuffer_km = 3\n",
    )
    lower = next(c for c in data.clauses if c.segment.id == "second-1800/lower")
    assert lower.segment.since == date(1801, 2, 3)
    assert lower.segment.stage is None
    assert lower.via == ((112, 49), (113, 48.5))
    assert (lower.along, lower.start_on, lower.end_on) == (None, "rivers/great", None)
    assert (lower.overshoot_km, lower.buffer_km) == (12, 3)


def test_a_segment_ends_with_its_instrument(edit):
    data = edit("instruments/second-1800.toml", 'status = "in force"', 'status = "ended"\nuntil = 1850-01-01')
    lower = next(c for c in data.clauses if c.segment.id == "second-1800/lower")
    assert lower.segment.until == date(1850, 1, 1)


def test_an_act_outside_this_frontier(edit):
    data = edit("instruments/survey-1900.toml", 'kind = "treaty"', 'kind = "act"\nfrontier = false')
    assert data.instruments["survey-1900"].frontier is False


# --- slips of the pen: file, text, its replacement, what the message says

SLIPS = {
    "place twice": ("places.csv", "ford,node", "fork,node", r"places\.csv uses an id twice: fork"),
    "longitude in words": ("places.csv", ",110,50,2,", ",east,50,2,", r"places\.csv, fork: .*'east'"),
    "no longitude": ("places.csv", ",110,50,2,", ",,50,2,", r"places\.csv, fork: "),
    "column renamed": ("places.csv", "accuracy_km", "accuracy", r"places\.csv, .*'accuracy_km' is missing"),
    "territory twice": (
        "territories.csv",
        "\nisle,",
        "\nnorth,",
        r"territories\.csv uses an id twice: north",
    ),
    "label in words": ("territories.csv", ",116,49.5,", ",116,x,", r"territories\.csv, middle: "),
    "territory unknown": ("tenures.csv", "\nisle,de_jure,1640", "\nisla,de_jure,1640", r"isl"),
    "basis unknown": (
        "tenures.csv",
        "de_facto",
        "de_factis",
        r"tenures\.csv, middle from 1790-02-01: .*de_factis",
    ),
    "status unknown": (
        "tenures.csv",
        "occupied",
        "borrowed",
        r"tenures\.csv, middle from 1790-02-01: .*borrowed",
    ),
    "day that is none": (
        "tenures.csv",
        "1790-02-01",
        "1790-02-30",
        r"tenures\.csv, middle from 1790-02-30: ",
    ),
    "holder unknown": ("tenures.csv", "third:isle", "third:isla", r"holders\.csv does not hold: third:isla"),
    "instrument unknown": (
        "tenures.csv",
        "second-1800,1",
        "second-1801,1",
        r"instruments/ does not hold: second-1801",
    ),
    "gap": ("tenures.csv", "1700-03-01,1800", "1700-03-02,1800", r"middle: gap .* 1700-03-02"),
    "no tenure": (
        "territories.csv",
        "\nisle,",
        "\nisle2,Isle Two,,,121.2,50.15,,\nisle,",
        r"without a tenure: isle2",
    ),
    "rule unknown": ("instruments/second-1800.toml", '"river"', '"brook"', r"second-1800/lower: .*brook"),
    "stage unknown": (
        "instruments/second-1800.toml",
        '"delimited"',
        '"limited"',
        r"second-1800/lower: .*limited",
    ),
    "sigma in words": ("instruments/second-1800.toml", "3.0", '"three"', r"second-1800/lower: .*three"),
    "no end": (
        "instruments/second-1800.toml",
        'to = "river-mouth"',
        "",
        r"second-1800/lower: 'to' is missing",
    ),
    "end unknown": (
        "instruments/second-1800.toml",
        '"river-mouth"',
        '"mouth"',
        r"places\.csv does not hold: mouth",
    ),
    "no sources": (
        "instruments/second-1800.toml",
        'sources = ["made_up"]\n\n[names]',
        "[names]",
        r"instruments/second-1800\.toml: 'sources' is missing",
    ),
    "id of another": (
        "instruments/second-1800.toml",
        'id = "second-1800"',
        'id = "third-1800"',
        r"second-1800\.toml has the id 'third-1800'",
    ),
    "no TOML": (
        "instruments/second-1800.toml",
        "[names]",
        "[names",
        r"cannot read instruments/second-1800\.toml: ",
    ),
    "never in force yet draws": (
        "instruments/second-1800.toml",
        "date = 1800-06-01\n",
        "",
        r"second-1800/lower: an instrument never in force draws no line",
    ),
    "mask of three": (
        "territories.csv",
        "120.4 52.4 120.7 52.7",
        "120.4 52.4 120.7",
        r"territories\.csv, south",
    ),
    "reference without sigma": ("reference.csv", ",0.2,", ",,", r"reference\.csv, borders/outer"),
    "reference from nowhere": (
        "reference.csv",
        "outland,",
        "outland,nowhere",
        r"places\.csv does not hold: nowhere",
    ),
    "backdrop in words": ("backdrop.csv", "100.5", "west", r"backdrop\.csv, outland"),
    "era without a day": ("eras.csv", "1912-01-01", "1912", r"eras\.csv, china"),
    "era of nobody": ("eras.csv", "china,1912", "chine,1912", r"holders\.csv does not hold: chine"),
    "holder twice": ("holders.csv", "third:isle,", "china,", r"holders\.csv uses an id twice: china"),
    "short row": (
        "tenures.csv",
        "north,de_jure,1640-01-01,,russia,sovereign,,,high,",
        "north,de_jure",
        r"tenures\.csv, north",
    ),
    "date as text": (
        "instruments/second-1800.toml",
        "date = 1800-06-01",
        'date = "1800-06-01"',
        r"second-1800",
    ),
    "names as text": (
        "instruments/second-1800.toml",
        '[names]\nen = "Second treaty"\n',
        "",
        r"instruments/second-1800\.toml: 'names' is missing",
    ),
    "segment twice": ("instruments/first-1700.toml", 'id = "bend"', 'id = "west"', r"first-1700.*west"),
    "no English name": ("territories.csv", "isle,Isle,", "isle,,", r"territories\.csv, isle"),
    "source unknown": ("places.csv", "made_up", "made_upp", r"sources\.bib does not hold: made_upp"),
    "segment key misspelt": (
        "instruments/first-1700.toml",
        "until = 1800-06-01",
        "untill = 1800-06-01",
        r"first-1700/ridge: .*untill",
    ),
    "instrument key misspelt": (
        "instruments/first-1700.toml",
        "aliases = ",
        "alias = ",
        r"instruments/first-1700\.toml: .*alias",
    ),
    "comma in a note": ("tenures.csv", "no line yet", "no line, yet", r"tenures\.csv, middle"),
    "no id column": ("backdrop.csv", "id,lon", "name,lon", r"backdrop\.csv"),
    "via beside along": (
        "instruments/second-1800.toml",
        'to = "river-mouth"',
        'to = "river-mouth"\nvia = [[112, 49]]',
        r"second-1800/lower: .*along",
    ),
    "overshoot beside along": (
        "instruments/second-1800.toml",
        'to = "river-mouth"',
        'to = "river-mouth"\novershoot_km = 5',
        r"second-1800/lower: .*along",
    ),
    "colour": ("holders.csv", "#88ccee", "blue", r"holders\.csv, russia"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_with_its_file_and_id(edit, slip):
    name, old, new, message = SLIPS[slip]
    with pytest.raises(CompileError, match=message):
        edit(name, old, new)


@pytest.mark.parametrize(
    "name",
    [
        "places.csv",
        "territories.csv",
        "tenures.csv",
        "holders.csv",
        "eras.csv",
        "reference.csv",
        "backdrop.csv",
    ],
)
def test_a_missing_table_is_named(root, name):
    (root / name).unlink()
    with pytest.raises(CompileError, match=f"cannot read {name}: No such file"):
        read_authored(root, first_date=FIRST)


def test_a_missing_bibliography_is_named(root):
    (root / "sources.bib").unlink()
    with pytest.raises(CompileError, match=r"cannot read sources\.bib: No such file"):
        read_authored(root, first_date=FIRST)


@pytest.mark.parametrize("name", ["places.csv", "instruments/second-1800.toml"])
def test_a_file_in_another_encoding_is_named(root, name):
    path = root / name
    path.write_bytes(path.read_bytes() + "# Амур\n".encode("koi8-r"))
    with pytest.raises(CompileError, match=name):
        read_authored(root, first_date=FIRST)

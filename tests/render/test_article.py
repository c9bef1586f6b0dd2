"""The article kit: its files, and whether its words say what the figures are."""

import csv
import io
import json
import re
import runpy
from pathlib import Path

import geopandas
import html5lib
import pytest
import shapely
from PIL import Image

import marchland as ml
from marchland.errors import OutputError, UsageError
from marchland.model import Status
from marchland.render.article import article
from marchland.render.fills import Fills
from marchland.render.kit import fonts, ink
from marchland.render.kit.extent import extent_of_change, extent_of_date
from marchland.render.kit.numbers import rounded
from marchland.render.kit.papers import embed
from marchland.render.projection import sheet_of
from marchland.render.texts import LANGUAGES, load_texts

_HELPERS = runpy.run_path(str(Path(__file__).parents[1] / "hostile.py"))
HOSTILE, hostile = _HELPERS["HOSTILE"], _HELPERS["hostile"]
NAMES = {
    "README.txt",
    "alt.txt",
    "caption.txt",
    "card.png",
    "data.csv",
    "data.geojson",
    "embed.html",
    "map.html",
    "map.pdf",
    "map.png",
    "map.svg",
    "paragraph.html",
    "paragraph.md",
    "stamp.json",
}


BROKEN = r"\{(?!figure|center)\w+\}|\[\[|\.\.|。。|None"
"""What a text has where a blank was left empty or two sentences were joined badly."""


def words_only(composite, *whens, **options):
    """Return the kit's text files: the pictures take a second each."""
    from marchland.render.kit.papers import papers

    return papers(article(composite, *whens, **options))


@pytest.fixture(scope="module")
def kit(composite):
    return article(composite, 1857, 1860).files()


@pytest.fixture(scope="module")
def change(composite):
    return ml.compare(composite, 1857, 1860)


def test_the_folder_is_whole(kit):
    assert set(kit) == NAMES
    assert all(kit.values())


def test_pictures_have_their_sizes(kit):
    with Image.open(io.BytesIO(kit["map.png"])) as picture:
        assert picture.width >= 2400
        assert len(set(picture.convert("RGB").resize((60, 60)).get_flattened_data())) > 20
    with Image.open(io.BytesIO(kit["card.png"])) as picture:
        assert picture.size == (1200, 630)
    assert kit["map.pdf"].startswith(b"%PDF-")
    svg = kit["map.svg"].decode()
    assert "What changed between 31 December 1857 and 31 December 1860" in svg
    assert "CreationDate" not in svg
    assert not re.search(rb"CreationDate|ModDate", kit["map.pdf"])


def test_the_legend_of_a_picture_has_every_mark_on_it(built_in):
    """West of Biysk the line of 1860 is known to tens of kilometres; the Pamirs have no agreed holder."""
    picture = article(built_in, 1860).picture("svg").decode()
    for words in ("doubt about the line (1 and 2 σ)", "No agreed holder (contested, no line agreed)"):
        assert f">{words}</text>" in picture


def test_a_name_far_wider_than_its_land_is_in_the_legend_alone():
    """On the map it would stand on the land beside it and name that."""
    frame = geopandas.GeoDataFrame(
        {"who": ["Great Land", "Very Small Principality"], "since": ["1950-01-01"] * 2},
        geometry=[
            shapely.box(10, 45, 20, 55) - shapely.box(12, 50, 12.4, 50.4),
            shapely.box(12, 50, 12.4, 50.4),
        ],
        crs="EPSG:4326",
    )
    picture = (
        article(ml.from_versions(frame, holder="who", start="since"), "1950-01-01").picture("svg").decode()
    )
    words = [re.sub(r"[^a-z]", "", text.casefold()) for text in re.findall(r">([^<>]+)</text>", picture)]
    assert words.count("verysmallprincipality") == 1
    assert words.count("greatland") == 2  # in the legend, and set wide on the map


def test_a_picture_of_no_known_form_is_refused(composite):
    with pytest.raises(UsageError, match="svg, pdf or png, not 'gif'"):
        article(composite, 1700).picture("gif")


def test_two_kits_are_the_same_bytes(make_toy, kit):
    again = article(make_toy(), 1857, 1860).files()
    assert {name for name in NAMES if again[name] != kit[name]} == set()


def numbers_in(text):
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?(?= ±)", text)]


def test_areas_in_the_paragraph_are_those_of_compare(change, kit):
    told = numbers_in(kit["paragraph.md"].decode().split("###")[0])
    pairs = [rounded(row.area_km2, row.sigma_km2)[0] for row in change.by_pair]
    net = [rounded(abs(row.net_km2), row.sigma_km2)[0] for row in change.by_holder if row.holder]
    moved = {row.territory: 1.0 for row in change.ledger if row.from_holder != row.to_holder}
    whole = sum(row.area_km2 for row in change.ledger if row.territory in moved)
    total = rounded(whole, change.errors.area_sigma_km2(moved, (change.before, change.after)))[0]
    expected = [total, *pairs, *net]
    if any(row.sigma_km2 for row in change.by_pair):
        assert sorted(told) == sorted(expected)
    for area in pairs:
        assert f"{area:,.0f}" in kit["paragraph.md"].decode()


@pytest.mark.parametrize(("first", "last"), [(1857, 1860), (1880, 1881), (2007, 2008), (1640, 2008)])
def test_areas_of_the_built_in_frontier_are_those_of_compare(built_in, first, last):
    change = ml.compare(built_in, first, last)
    text = article(built_in, first, last).prose.paragraph
    rows = sorted(change.by_pair, key=lambda row: -row.area_km2)
    told = numbers_in(text)
    for row in rows[:6]:
        assert rounded(row.area_km2, row.sigma_km2)[0] in told
    lengths = [built_in.frontier(s.date).length_km for s in (change.before, change.after)]
    for length in lengths:
        assert not length or f"{round(length, -1):,.0f} km" in text or not all(lengths)


def test_articles_and_days_in_both_calendars_are_named(built_in):
    text = article(built_in, 1857, 1860).prose.paragraph
    assert "Treaty of Aigun, art. 1 (28 May 1858; Old Style 16 May 1858)" in text
    assert "(14 November 1860; Old Style 2 November 1860)" in text


def test_a_date_tells_length_stages_and_what_was_nobodys(built_in):
    prose = article(built_in, 1859).prose
    frontier = built_in.frontier(1859)
    assert f"the frontier measured {round(frontier.length_km, -1):,.0f} km" in prose.paragraph
    assert "held jointly" in prose.paragraph
    stages = re.findall(r"([\d,]+) km(?=[;.])", prose.sentences[1])
    assert sum(float(n.replace(",", "")) for n in stages) == pytest.approx(frontier.length_km, abs=20)
    assert "no line had been agreed" in article(built_in, 1650).prose.paragraph


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_in_three_languages(built_in, lang):
    for whens in ((1881,), (1857, 1860), (1700, 1701)):
        papers = words_only(built_in, *whens, lang=lang)
        for name in ("alt.txt", "caption.txt", "paragraph.md", "README.txt"):
            assert not re.search(BROKEN, papers[name].replace("...", "")), name
        assert str(whens[-1]) in papers["alt.txt"]
        assert built_in.meta.citation in papers["caption.txt"]
        assert len(papers["alt.txt"]) < 700
        for name in NAMES & {"map.html", "map.png", "embed.html", "stamp.json"}:
            assert name in papers["README.txt"]


def test_languages_have_the_same_words():
    def shape(words):
        return {key: sorted(re.findall(r"\{(\w+)\}", str(value))) for key, value in words.items()}

    reference = shape(load_texts("en", "article").words)
    for lang in LANGUAGES:
        found = shape(load_texts(lang, "article").words)
        assert set(found) == set(reference)
        own = {k for k in found if found[k] != reference[k]}
        assert own <= {"date_form"}


def test_data_are_the_rows_shown(built_in):
    change = words_only(built_in, 1857, 1860)
    rows = list(csv.DictReader(io.StringIO(change["data.csv"])))
    ledger = ml.compare(built_in, 1857, 1860).ledger
    assert [(r["territory"], float(r["area_km2"])) for r in rows] == [
        (r.territory, r.area_km2) for r in ledger
    ]
    features = json.loads(change["data.geojson"])["features"]
    assert [f["properties"]["territory"] for f in features] == [r.territory for r in ledger]
    assert {f["geometry"]["type"] for f in features} == {"MultiPolygon"}
    day = words_only(built_in, 1860)
    assert len(list(csv.DictReader(io.StringIO(day["data.csv"])))) == len(built_in.at(1860).rows)


def test_stamp_says_how_to_make_it_again(built_in):
    stamp = json.loads(words_only(built_in, 1857, 1860, basis="de_facto", lang="ru")["stamp.json"])
    assert stamp["hash"] == built_in.meta.hash
    assert stamp["dates"] == ["1857-12-31", "1860-12-31"]
    assert stamp["request"]["arguments"] == [
        "article",
        "--basis",
        "de_facto",
        "--lang",
        "ru",
        "1857-12-31",
        "1860-12-31",
    ]


def test_hostile_text_stays_text(composite):
    bad = hostile(composite)
    for whens in ((1860,), (1857, 1860)):
        papers = words_only(bad, *whens)
        for name in ("embed.html", "paragraph.html"):
            tree = html5lib.HTMLParser(strict=True).parseFragment(papers[name])
            tags = {element.tag.rpartition("}")[2] for element in tree.iter() if isinstance(element.tag, str)}
            assert "img" not in tags
            assert sum(element.tag == "{http://www.w3.org/1999/xhtml}script" for element in tree.iter()) == (
                name == "embed.html"
            )
        assert "<script" not in papers["paragraph.md"].replace("\\<", "")
        json.loads(papers["data.geojson"])
    svg = article(bad, 1860).plate().svg().decode()
    assert "<script" not in svg
    assert "<img" not in svg


def test_the_snippet_has_what_a_frame_needs(composite):
    snippet = embed(article(composite, 1860).prose)
    frame = next(html5lib.parseFragment(snippet).iter("{http://www.w3.org/1999/xhtml}iframe"))
    assert frame.get("title") == "The frontier on 31 December 1860"
    assert frame.get("loading") == "lazy"
    assert frame.get("sandbox") == "allow-scripts"
    assert "aspect-ratio" in frame.get("style")
    assert "event.source" in snippet
    assert "event.origin" in snippet


# --- the folder


def small(monkeypatch, composite, **options):
    """Return an article whose files are few and quickly made."""
    made = article(composite, 1860, **options)
    contents = {"stamp.json": json.dumps({"kind": "marchland article"}).encode(), "alt.txt": b"x"}
    monkeypatch.setattr(type(made), "files", lambda self: contents)  # noqa: ARG005
    return made


def test_a_kit_is_written_and_replaced(monkeypatch, composite, tmp_path):
    made = small(monkeypatch, composite)
    assert made.save(tmp_path / "kit") == tmp_path / "kit"
    (tmp_path / "kit" / "alt.txt").write_text("old")
    made.save(tmp_path / "kit")
    assert (tmp_path / "kit" / "alt.txt").read_text() == "x"
    assert [p.name for p in tmp_path.iterdir()] == ["kit"]


def test_a_foreign_folder_is_not_touched(monkeypatch, composite, tmp_path):
    made = small(monkeypatch, composite)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        made.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    made.save(tmp_path, force=True)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    with pytest.raises(OutputError, match=r"mine\.txt"):
        made.save(tmp_path)
    with pytest.raises(OutputError, match="is a file"):
        made.save(tmp_path / "mine.txt")
    with pytest.raises(OutputError, match="no folder"):
        made.save(tmp_path / "a" / "b")


def test_a_failure_leaves_the_old_kit(monkeypatch, composite, tmp_path):
    made = small(monkeypatch, composite)
    made.save(tmp_path / "kit")
    monkeypatch.setattr(
        type(made),
        "files",
        lambda self: {"stamp.json": b"{}", "alt.txt": None},  # noqa: ARG005
    )
    with pytest.raises(TypeError):
        made.save(tmp_path / "kit")
    assert (tmp_path / "kit" / "alt.txt").read_text() == "x"
    assert [p.name for p in tmp_path.iterdir()] == ["kit"]


def test_dates_in_the_wrong_order_are_refused(composite):
    with pytest.raises(UsageError, match="earlier date first"):
        article(composite, 1860, 1857)


# --- what is in sight, and in which letters


def test_a_change_is_seen_close_up(built_in):
    near = extent_of_change(ml.compare(built_in, 2007, 2008))
    assert near.view is not None
    west, south, east, north = near.window
    assert west < 134.5 < east
    assert south < 48.3 < north
    assert near.view[2] * sheet_of(near.window).unit_m < 400_000
    assert near.view[2] / near.view[3] == pytest.approx(1.6)
    assert extent_of_date(built_in, built_in.resolve_when(1650), "de_jure").view is None


def test_chinese_without_a_font_is_refused(monkeypatch):
    assert fonts.families("Amur") == list(fonts.PLAIN)
    monkeypatch.setattr(fonts, "_chinese", lambda: None)
    assert fonts.families("Амур") == list(fonts.PLAIN)
    with pytest.raises(UsageError, match="fonts-noto-cjk"):
        fonts.families("黑龙江")


def test_textures_cover_what_their_marks_say(composite):
    box = shapely.box(0, 0, 700, 700)
    fill = Fills(composite.holders).of("china+russia", Status.JOINT)
    texture = ink.texture_of(fill, "tint")
    for colour in dict.fromkeys(mark[4] for mark in texture.marks):
        marks = [mark for mark in texture.marks if mark[4] == colour]
        cut = shapely.union_all(ink._tiles(box, texture, marks, 1.0)) & box
        assert cut.area / box.area == pytest.approx(1 / len(fill.colours), abs=0.02)


def test_users_boundaries_get_a_kit_without_words_of_this_frontier():
    frame = geopandas.GeoDataFrame(
        {
            "who": ["Ada", "Bela", "Ada", "Bela"],
            "since": ["1950-01-01", "1950-01-01", "1960-01-01", "1960-01-01"],
            "until": ["1960-01-01", "1960-01-01", "1970-01-01", "1970-01-01"],
        },
        geometry=[shapely.box(a, 50, b, 52) for a, b in ((10, 12), (12, 14), (10, 13), (13, 14))],
        crs="EPSG:4326",
    )
    ds = ml.from_versions(frame, holder="who", start="since", end="until")
    first, last = "1955-01-01", "1965-01-01"
    papers = words_only(ds, first, last)
    assert "Russia" not in papers["paragraph.md"]
    assert "±" not in papers["paragraph.md"]  # no line of it has an error
    assert "±" not in article(ds, first, last).html()
    assert "frontier" not in papers["paragraph.md"].split("*")[0].split("\n")[2]
    assert b"doubt about" not in article(ds, last).picture("svg")  # and so no band about one
    papers = words_only(ds, first, last, sigma_km=2.0)
    (row,) = ml.compare(ds, first, last, sigma_km=2.0).by_pair
    assert rounded(row.area_km2, row.sigma_km2)[0] in numbers_in(papers["paragraph.md"])
    assert "±" in article(ds, first, last, sigma_km=2.0).html()
    again = json.loads(papers["stamp.json"])["request"]["arguments"]
    assert again[-4:] == ["--sigma", "2.0", first, last]


def test_an_error_that_is_given_is_in_the_words_of_a_date_too():
    frame = geopandas.GeoDataFrame(
        {"who": ["Ada", "Bela"], "since": [1950, 1950], "until": [None, None]},
        geometry=[shapely.box(10, 50, 13, 52), shapely.box(12, 50, 14, 52)],
        crs="EPSG:4326",
    )
    ds = ml.from_versions(frame, holder="who", start="since", end="until")
    assert "±" not in words_only(ds, 1960)["paragraph.md"]
    assert words_only(ds, 1960, sigma_km=2.0, correlation_km=10.0)["paragraph.md"].count("±") == 2
    with pytest.raises(UsageError, match="sigma must be a number of km, zero or more"):
        article(ds, 1960, sigma_km=-1.0)


def test_article_is_exported(composite):
    assert ml.article is article
    assert article(composite, "aigun-1858").date.isoformat() == "1858-05-28"


def test_the_paragraph_tells_who_gained_and_lost_in_sentences(built_in):
    told = article(built_in, 1857, 1859).prose.paragraph
    assert "km² passed from the Qing Empire to the Russian Empire;" in told
    assert "km² without an agreed holder went to the Russian Empire;" in told
    assert "the Qing Empire lost 894,000" in told
    alone = article(built_in, 1859, 1861).prose.sentences
    assert alone[1] == "All of it passed from China and Russia in common to the Russian Empire."
    assert not any(sentence.startswith("On balance") for sentence in alone)  # it would say the same again


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_article_is_called_by_its_number_alone(built_in, lang):
    told = article(built_in, 1990, 2009, lang=lang).prose.paragraph
    assert "succession" not in told
    assert "sector" not in told

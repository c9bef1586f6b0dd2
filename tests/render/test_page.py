import gzip
import json
import re
import runpy
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path

import html5lib
import pytest

import marchland
from marchland.dates import format_date
from marchland.errors import OutputError
from marchland.render import inline
from marchland.render.page import page
from marchland.render.texts import LANGUAGES, load_texts

_HELPERS = runpy.run_path(str(Path(__file__).parents[1] / "hostile.py"))
HOSTILE, hostile = _HELPERS["HOSTILE"], _HELPERS["hostile"]
NS = "{http://www.w3.org/1999/xhtml}"


def parse(html):
    parser = html5lib.HTMLParser(strict=True)
    return parser.parse(html)


def find(tree, key):
    return next(e for e in tree.iter() if e.get("id") == key)


def weight(html):
    """Bytes of the page as it is sent, without the still map for readers without script."""
    without, number = re.subn(r'<svg class="map static".*?</svg>', "", html, flags=re.DOTALL)
    assert number == 1
    return len(gzip.compress(without.encode(), 9))


def words_of(element):
    return "".join(element.itertext())


@pytest.fixture(scope="module")
def html(composite):
    return page(composite, 1860).html()


@pytest.fixture(scope="module")
def tree(html):
    return parse(html)


@pytest.fixture(scope="module")
def data(tree):
    return json.loads(find(tree, "marchland-data").text)


def test_valid_html_with_title_language_and_heading(tree):
    assert tree.get("lang") == "en"
    assert words_of(find(tree, "heading")) == "The frontier on 31 December 1860"
    assert words_of(tree.find(f".//{NS}title")) == "The frontier on 31 December 1860 – Toy frontier"
    assert (
        words_of(find(tree, "force")) == "Latest instrument in force: Convention of Peking, 14 November 1860"
    )
    assert (
        words_of(find(tree, "note")) == "1860 itself saw a change: 14 November 1860 (Convention of Peking)."
    )
    assert len(tree.findall(f".//{NS}h1")) == 1


def test_no_note_in_a_quiet_year_and_none_in_force_before_the_first(composite):
    tree = parse(page(composite, 1650).html())
    assert words_of(find(tree, "note")) == ""
    assert words_of(find(tree, "force")) == "No instrument in force yet"


def test_ids_are_unique_and_labels_point_somewhere(tree):
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for key in ("for", "aria-labelledby", "aria-controls"):
            assert element.get(key) is None or element.get(key) in ids


def test_nothing_is_loaded_from_elsewhere(tree, html):
    for element in tree.iter():
        for key in ("src", "href", "srcset", "data", "style", "onclick", "onload"):
            assert element.get(key) is None, f"{element.tag} has {key}"
    assert not re.findall(r"@import|url\((?!#)[^)]", "".join(words_of(e) for e in tree.iter(f"{NS}style")))
    assert "sourceMappingURL" not in html


def test_policy_names_exactly_the_scripts_and_styles_on_the_page(tree):
    policy = next(
        e.get("content") for e in tree.iter(f"{NS}meta") if e.get("http-equiv") == "Content-Security-Policy"
    )
    scripts = [e.text for e in tree.iter(f"{NS}script") if e.get("type") != "application/json"]
    styles = [e.text for e in tree.iter(f"{NS}style")]

    def hashes(texts):
        return [f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in texts]

    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["script-src"].split() == hashes(scripts)
    assert rules["style-src"].split() == hashes(styles)
    assert (rules["default-src"], rules["base-uri"], rules["form-action"]) == ("'none'", "'none'", "'none'")
    assert "unsafe" not in policy


def test_two_builds_are_the_same_bytes(composite, make_toy, html):
    assert page(composite, 1860).html() == html
    assert page(make_toy(), 1860).html() == html


def test_data_holds_each_arc_once_and_every_history(data, composite):
    assert len(data["lands"]) == len(composite.territories)
    uses = [i if i >= 0 else ~i for land in data["lands"] for ring in land["rings"] for i in ring]
    assert max(uses.count(i) for i in set(uses)) == 2
    assert len({json.dumps(arc) for arc in data["arcs"]}) == len(data["arcs"])
    coast = next(land for land in data["lands"] if land["id"] == "ussuri-coast")
    rows = [data["tenures"][row] for row in coast["history"][0]]
    told = [
        (r[0], data["fills"][r[2]]["holder"], r[3] if r[3] is None else data["instruments"][r[3]][1], r[4])
        for r in rows
    ]
    assert told == [
        ("1640-01-01", None, None, None),
        ("1689-09-07", "china", "Treaty of Nerchinsk", "1"),
        ("1858-05-28", "china+russia", "Treaty of Aigun", "1"),
        ("1860-11-14", "russia", "Convention of Peking", "1"),
    ]
    assert coast["history"][1] == coast["history"][0]  # by right and in fact alike, so written once
    assert len({json.dumps(row) for row in data["tenures"]}) == len(data["tenures"])


def test_still_map_legend_and_table_stand_without_script(tree):
    still = next(e for e in tree.iter() if "static" in (e.get("class") or "").split())
    assert still.get("aria-label") == "Map of the frontier on 31 December 1860"
    classes = {c for e in still.iter() for c in (e.get("class") or "").split()}
    assert {
        "sea",
        "backdrop",
        "lands",
        "coast",
        "river",
        "lake",
        "limit",
        "casing",
        "stage-demarcated",
        "holder",
        "place",
    } <= classes
    legend = words_of(find(tree, "legend-lands"))
    assert "Qing Empire" in legend
    assert "Russia (protectorate)" in legend
    assert "Mongolia" not in legend  # holds nothing in 1860
    assert "jointly" not in legend
    assert "7,554" in words_of(find(tree, "areas"))


def test_patterns_in_use_are_defined(tree):
    ids = {e.get("id") for e in tree.iter() if e.get("id")}
    painted = {e.get("fill") for e in tree.iter() if (e.get("fill") or "").startswith("url(")}
    assert painted
    assert {p[5:-1] for p in painted} <= ids


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_text_stays_text(composite, lang):
    html = page(hostile(composite), 1860, lang=lang).html()
    tree = parse(html)
    assert len(list(tree.iter(f"{NS}script"))) == 4
    assert not list(tree.iter(f"{NS}img"))
    assert not any(key.startswith("on") for e in tree.iter() for key in e.attrib)
    assert HOSTILE in json.loads(find(tree, "marchland-data").text)["lands"][0]["name"]
    assert html.count("<script") == 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_complete_and_agree_with_the_dates_of_the_core(lang, composite):
    def shape(value):
        return (
            {k: shape(v) for k, v in value.items()}
            if isinstance(value, dict)
            else sorted(re.findall(r"\{\w+\}", str(value)))
        )

    words = load_texts(lang, "page").words
    reference = load_texts("en", "page").words
    skip = {"date_form", "months", "months_alone", "thousands", "decimal", "and", "list", "colon"}
    assert set(words) == set(reference)
    for key in set(words) - skip:
        assert shape(words[key]) == shape(reference[key]), key
    for day in (date(1689, 9, 7), date(1858, 5, 28), date(2008, 10, 14)):
        written = words["date_form"].format(
            d=day.day, m=day.month, y=day.year, month=words["months"][day.month - 1]
        )
        assert written == format_date(day, lang=lang)
    tree = parse(page(composite, 1860, lang=lang).html())
    assert tree.get("lang") == lang
    assert format_date(date(1860, 12, 31), lang=lang) in words_of(find(tree, "heading"))


def test_lone_surrogates_and_controls_do_not_break_the_page(make_toy):
    html = page(make_toy(title="a\x00\x07\ud800b\x85"), 1860).html()
    html.encode()
    parse(html)


def test_save_is_whole_or_nothing(composite, tmp_path):
    made = page(composite, 1860)
    assert made.save(tmp_path / "map.html").read_text("utf-8") == made.html()
    with pytest.raises(OutputError):
        made.save(tmp_path / "no" / "map.html")
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_page_is_exported(composite):
    assert marchland.page is page
    assert page(composite, "aigun-1858").date == date(1858, 5, 28)


def test_a_library_that_is_not_shipped_is_refused():
    figure = inline.InlineFigure()
    figure.header.add_child(inline.JavascriptLink("https://example.org/evil.js"), name="evil")
    with pytest.raises(inline.UnknownResourceError, match="evil"):
        figure.parts()
    figure = inline.InlineFigure()
    figure.script.add_child(inline.folium.Element("fetch('https://example.org')"), name="x")
    with pytest.raises(inline.UnknownResourceError, match="example"):
        figure.parts()
    with pytest.raises(TypeError):
        figure.render()


def test_notice_of_the_library_is_shipped_and_inlined(html):
    assert "BSD 2-Clause" in inline.asset("leaflet/LICENSE")
    assert inline.asset("leaflet/LICENSE") in html


@pytest.mark.parametrize(("lang", "basis"), [("en", "de_jure"), ("ru", "de_facto"), ("zh", "de_jure")])
def test_built_in_page_is_valid_and_light(built_in, lang, basis):
    html = page(built_in, 1860, lang=lang, basis=basis).html()
    parse(html)
    assert weight(html) <= 200_000

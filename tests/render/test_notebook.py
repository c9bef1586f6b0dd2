"""Answers show themselves in a notebook: SVG that stands alone, and text."""

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

import marchland as ml
from marchland import display


@pytest.fixture(scope="module")
def answers(composite):
    change = ml.compare(composite, 1857, 1860)
    return {"snapshot": composite.at(1860), "change": change, "back": ~change, "series": ml.series(composite)}


def test_every_answer_has_a_picture_and_a_line_of_text(answers):
    for name, answer in answers.items():
        bundle = answer._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "image/svg+xml"}, name
        assert "\n" not in bundle["text/plain"]
        assert len(bundle["text/plain"]) < 150
        root = ElementTree.fromstring(bundle["image/svg+xml"])
        assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_a_map_is_whole_by_itself(answers):
    drawn = answers["snapshot"]._repr_svg_()
    ids = re.findall(r'\bid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))
    wanted = set(re.findall(r'href="#([^"]+)"', drawn)) | set(re.findall(r"url\(#([^)]+)\)", drawn))
    assert wanted
    assert wanted <= set(ids)
    style = re.search(r"<style>(.*?)</style>", drawn, re.DOTALL).group(1)
    for rule in set(re.findall(r"#([\w-]+)[ ,{]", style)) - set(re.findall(r"#[0-9a-f]{3,6}", style)):
        assert rule in ids or re.fullmatch(r"[0-9a-f]{3,6}", rule), rule
    assert ":root" not in style
    assert not re.search(r"(^|\n|\})\s*(body|button|\*|html)\b", style)


def test_two_maps_on_a_page_share_no_names(answers):
    first, second = (
        set(re.findall(r'\bid="([^"]+)"', answers[name]._repr_svg_())) for name in ("snapshot", "change")
    )
    assert not first & second


def test_way_back_is_the_same_land(answers):
    forth, back = (answers[name]._repr_svg_() for name in ("change", "back"))
    assert forth == back


def test_without_a_renderer_there_is_text(answers, monkeypatch):
    monkeypatch.setattr(display, "_PAINTERS", {})
    assert set(answers["snapshot"]._repr_mimebundle_()) == {"text/plain"}


def test_nothing_is_drawn_or_imported_before_a_notebook_asks():
    script = (
        "import sys, json, marchland as ml; s = ml.load().at(1860); s.summary;"
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] in ('matplotlib', 'folium')"
        " or m.startswith('marchland.render')]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []

"""What articles, features and notes say in other languages than the one their record has them in."""

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from marchland.compile.authored import read_authored
from marchland.errors import CompileError
from marchland.render.payload import payload
from marchland.render.scene import build_scene

SAID = (
    "no line yet",
    "Between the ridge and the river.",
    "The skerry lies nearer to the north.",
    "west",
    "bend",
    "ridge",
    "lower",
    "survey",
)


@pytest.fixture
def worded(small_sources, tmp_path):
    """Write wordings.csv for some texts of a copy of the small dataset, and read that."""
    root = Path(shutil.copytree(small_sources, tmp_path / "small"))

    def write(texts, **others):
        with (root / "wordings.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(("text_en", "text_ru", "text_zh"))
            rows.writerows((text, others.get("ru", f"по-русски {text}"), f"中文 {text}") for text in texts)
        return read_authored(root, first_date=date(1640, 1, 1))

    return write


def test_a_dataset_says_its_notes_in_every_language(worded):
    found = worded(SAID).wordings
    assert set(found) == set(SAID)
    assert found["bend"].texts == {"ru": "по-русски bend", "zh": "中文 bend"}


def test_a_text_without_its_wording_is_named(worded):
    with pytest.raises(CompileError, match=r"wordings\.csv lacks what these say .*: no line yet; add a row"):
        worded(SAID[1:])


def test_a_wording_of_no_text_is_named(worded):
    with pytest.raises(CompileError, match=r"wordings\.csv has texts that no record says: nonsense; remove"):
        worded([*SAID, "nonsense"])


def test_an_empty_wording_is_named(worded):
    with pytest.raises(CompileError, match=r"wordings\.csv, no line yet: it says nothing in ru"):
        worded(SAID, ru=" ")


def test_a_number_is_the_same_in_every_language(built_in):
    assert built_in.said("2", "zh") == "2"
    assert built_in.said("not known", "ru") == "not known"
    assert built_in.said("conquest", "en") == "conquest"


def test_no_page_in_another_language_is_left_with_english_notes(built_in):
    """A text of the built-in dataset has letters of the language, unless it is a number."""
    for wording in built_in.wordings.values():
        ru, zh = wording.texts["ru"], wording.texts["zh"]
        assert any("а" <= char.casefold() <= "я" for char in ru), wording
        assert re.search("[、\u4e00-\u9fff]", zh), wording
        # a page sets the number of an article apart from what follows
        leading = wording.id.split(",")[0].split(" ")[0].rstrip(";")
        if leading.isdigit() and len(leading) < 4:
            assert ru.startswith(leading), wording
            assert zh.startswith(leading), wording


@pytest.mark.parametrize("lang", ["ru", "zh"])
def test_a_page_has_its_articles_features_and_notes_in_its_language(built_in, lang):
    told = payload(build_scene(built_in, 1860, lang=lang, parts=("page",)))
    texts = [text for row in told["segments"] for text in (row[1], row[6], row[7])]
    texts += [text for row in told["tenures"] for text in (row[4], row[6])]
    texts += [land["note"] for land in told["lands"]]
    english = [text for text in texts if text and re.search("[A-Za-z]{3}", text)]
    assert {text for text in english if "Natural Earth" not in text} == set()

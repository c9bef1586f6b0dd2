"""Every language says everything: the files of words have the same keys, and the same blanks to fill."""

import json
import re
from pathlib import Path

import pytest

import marchland.render
from marchland.dates import _MONTHS, _PATTERNS, LANGUAGES
from marchland.render.figures import WORDS

HOME = Path(marchland.render.__file__).parent / "texts"
ENGLISH = sorted(path.relative_to(HOME) for path in HOME.rglob("en.json"))


def flat(words: object, name: str = "") -> dict[str, set[str]]:
    """Return the blanks of each text by its path in the file."""
    if not isinstance(words, dict | list):
        return {name: set(re.findall(r"{(\w*)}", str(words)))}
    items = words.items() if isinstance(words, dict) else enumerate(words)
    return {key: blanks for part, inner in items for key, blanks in flat(inner, f"{name}/{part}").items()}


def read(path: Path) -> dict[str, set[str]]:
    return flat(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
@pytest.mark.parametrize("file", ENGLISH, ids=str)
def test_a_language_has_every_text_with_its_blanks(file, lang):
    english, other = read(HOME / file), read(HOME / file.with_name(f"{lang}.json"))
    assert set(other) == set(english)
    unfilled = {key: other[key] - english[key] for key in other if other[key] - english[key]}
    assert set(unfilled) <= {"/date_form"}, "only the form of a date is the language's own"


def test_no_file_of_words_is_of_an_unknown_language():
    assert {path.stem for path in HOME.rglob("*.json")} == set(LANGUAGES)


def test_dates_and_charts_know_every_language():
    assert set(_PATTERNS) == set(WORDS) == set(LANGUAGES)
    assert all(len(_MONTHS[lang].split()) == 12 for lang in _PATTERNS if "{name}" in _PATTERNS[lang])

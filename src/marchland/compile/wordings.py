"""What articles, features and notes say in other languages: ``wordings.csv``, by what they say in English."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from marchland.compile.tables import Row, read_table
from marchland.dates import LANGUAGES
from marchland.errors import CompileError, list_ids
from marchland.model import Segment, Tenure, Territory, Wording

FILE = "wordings.csv"

_WORDS = re.compile(r"[A-Za-z]{2}")  # numbers of articles are the same in every language


def read_wordings(root: Path) -> dict[str, Wording]:
    """Return the wordings of a dataset folder by their English text; none if it has no such file."""
    return read_table(root, FILE, _wording, key="text_en") if (root / FILE).exists() else {}


def check_wordings(
    wordings: Mapping[str, Wording],
    *,
    segments: Iterable[Segment],
    tenures: Iterable[Tenure],
    territories: Iterable[Territory],
) -> None:
    """Raise :class:`CompileError` if wordings there are leave out a text of a record, or are of none."""
    if not wordings:
        return
    said = {text for one in segments for text in (one.article, one.feature, one.note)}
    said |= {text for one in tenures for text in (one.article or "", one.note)}
    said |= {one.note for one in territories}
    needed = {text for text in said if _WORDS.search(text)}
    missing, unused = sorted(needed - set(wordings)), sorted(set(wordings) - needed)
    if missing:
        msg = f"{FILE} lacks what these say in other languages: {list_ids(missing)}; add a row for each"
        raise CompileError(msg)
    if unused:
        msg = f"{FILE} has texts that no record says: {list_ids(unused)}; remove them or mend the spelling"
        raise CompileError(msg)


def _wording(row: Row) -> Wording:
    texts = {lang: row[f"text_{lang}"] for lang in LANGUAGES if lang != "en"}
    empty = [lang for lang, text in texts.items() if not text.strip()]
    if empty:
        msg = f"it says nothing in {', '.join(empty)}"
        raise ValueError(msg)
    return Wording(row["text_en"], texts)

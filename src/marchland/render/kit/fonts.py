"""Which fonts still pictures are set in: those that ship with matplotlib, and one for Chinese if needed.

A picture whose letters would be empty boxes is refused.
"""

import os
import re
from functools import cache
from pathlib import Path

from marchland.errors import UsageError

PLAIN = ("DejaVu Sans",)
CHINESE = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
)
"""Families with Chinese letters, the best first. The Japanese cut has them too, in other shapes."""

_FILES = re.compile(
    r"noto\s?sans(cjk|sc)|sourcehansans|wqy|droidsansfallback|pingfang|msyh|simhei|arial ?unicode",
    re.IGNORECASE,
)
_IDEOGRAPHS = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def families(words: str) -> list[str]:
    """Return the font families to set words in, first choice first.

    Raises
    ------
    UsageError
        The words have Chinese letters and no font for them is installed.
    """
    if not _IDEOGRAPHS.search(words):
        return list(PLAIN)
    found = _chinese()
    if found is None:
        msg = (
            "no font with Chinese letters is installed: install Noto Sans CJK (Debian and Ubuntu: apt-get"
            " install fonts-noto-cjk), or put NotoSansSC-Regular.otf into ~/.fonts"
        )
        raise UsageError(msg)
    return [found, *PLAIN]


@cache
def _chinese() -> str | None:
    from matplotlib import font_manager

    manager = font_manager.fontManager
    known = {entry.name for entry in manager.ttflist}
    if not known & set(CHINESE):  # matplotlib's own list may be older than the font
        extra = [path for path in font_manager.findSystemFonts() if _FILES.search(Path(path).name)]
        for path in sorted(map(os.fsdecode, extra)):
            manager.addfont(path)
        known = {entry.name for entry in manager.ttflist}
    return next((family for family in CHINESE if family in known), None)

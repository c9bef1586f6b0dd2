"""What every page begins with: its head, and the policy that lets nothing run or load but what is on it."""

from collections.abc import Sequence

from marchland import __version__
from marchland.render.controls import text
from marchland.render.inline import asset, source_hash


def opening(lang: str, title: str, *, styles: Sequence[str], scripts: Sequence[str]) -> list[str]:
    """Return the lines of a page up to ``<body>``.

    Parameters
    ----------
    lang
        Language of the page.
    title
        Title of the page, any text.
    styles
        Style sheets, which stand in the head.
    scripts
        The scripts that will stand on the page: the policy names their hashes and those of the styles.
    """
    policy = (
        f"default-src 'none'; script-src {' '.join(map(source_hash, scripts))}; "
        f"style-src {' '.join(map(source_hash, styles))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return [
        "<!DOCTYPE html>",
        f'<html lang="{lang}">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="marchland {__version__}">',
        f"<title>{text(title)}</title>",
        *(f"<style>{style}</style>" for style in styles),
        "</head>",
        "<body>",
    ]


def joined_script(*paths: str) -> str:
    """Return files of the assets as one strict script with a scope of its own."""
    body = "\n".join(asset(path) for path in paths)
    return f'(function () {{\n"use strict";\n{body}\n}})();\n'

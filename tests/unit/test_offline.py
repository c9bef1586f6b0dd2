"""Neither importing marchland nor running it asks the network for anything."""

import subprocess
import sys

import pytest

GUARD = """
import sys
def refuse(event, args):
    if event.startswith("socket.") and event not in {"socket.gethostname"}:
        raise RuntimeError(f"{event} {args}")
    if event in {"urllib.Request", "http.client.connect", "webbrowser.open"}:
        raise RuntimeError(event)
sys.addaudithook(refuse)
"""
COMMANDS = [
    ("map", "1860", "-o", "page.html"),
    ("compare", "1857", "1859", "-f", "json"),
    ("series", "-f", "csv"),
    ("where", "Vladivostok", "--at", "1860"),
    ("treaty", "aigun-1858"),
    ("frontier", "1860", "-f", "geojson"),
    ("export", "1860", "-o", "land.gpkg"),
    ("export", "1860", "-o", "land.parquet"),
    ("claims",),
    ("validate",),
]


def run(tmp_path, code):
    return subprocess.run(
        [sys.executable, "-c", GUARD + code], cwd=tmp_path, capture_output=True, check=False, timeout=300
    )


def test_no_command_opens_a_socket(tmp_path):
    """All in one process: a second command must not find what the first one fetched."""
    code = f"""
from marchland.cli.main import main
for words in {COMMANDS!r}:
    code = main(list(words))
    assert code in (0, 1), (words, code)
"""
    done = run(tmp_path, code)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["land.gpkg", "land.parquet", "page.html"]


def test_no_module_opens_a_socket_when_it_is_imported(tmp_path):
    code = """
import importlib, pkgutil, marchland
for module in pkgutil.walk_packages(marchland.__path__, "marchland."):
    if module.name != "marchland.__main__":
        importlib.import_module(module.name)
"""
    done = run(tmp_path, code)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


@pytest.mark.parametrize("code", ["import socket; socket.create_connection(('127.0.0.1', 9))"])
def test_the_guard_itself_works(tmp_path, code):
    done = run(tmp_path, code)
    assert b"RuntimeError: socket." in done.stderr

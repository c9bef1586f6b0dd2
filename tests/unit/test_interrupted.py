"""A build that is stopped leaves nothing that a later one could take for an answer."""

import os
import signal
import subprocess
import sys

import pytest

BUILD = """
import signal, sys, geopandas, shapely, marchland
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background

def pause(what):
    print(what, flush=True)
    sys.stdin.readline()  # until the test kills this process, or lets it go on

def steps(what, share):
    if what == sys.argv[1]:
        pause(what)

rename = Path.replace
if sys.argv[1] == "keeping":
    Path.replace = lambda path, target: (pause("keeping"), rename(path, target))[1]
shapes = [shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 2, 1)]
frame = geopandas.GeoDataFrame({"who": ["Ada", "Bo"], "since": ["1800", "1810"]}, geometry=shapes)
ds = marchland.from_versions(frame, holder="who", start="since", progress=steps)
print(len(ds.faces), flush=True)
"""


@pytest.fixture
def start(tmp_path):
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    environment.pop("MARCHLAND_CACHE", None)
    running = []

    def run(until):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, until],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("when", ["noding lines", "keeping"])
def test_a_stopped_build_leaves_no_broken_cache(start, tmp_path, when, how):
    process = start(when)
    assert process.stdout.readline().strip() == when
    process.send_signal(how)
    _, errors = process.communicate()
    assert process.returncode != 0
    if how == signal.SIGINT:
        assert "KeyboardInterrupt" in errors
        assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    assert list(tmp_path.rglob("*.npz")) == []
    after = start("nothing")
    assert after.communicate()[0].strip() == "3"
    assert after.returncode == 0
    assert len(list(tmp_path.rglob("*.npz"))) == 1

"""The load runs, with small numbers; `make load` has the large ones."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "run.py"
LOAD = runpy.run_path(str(SCRIPT))


def test_processes_on_one_cache_agree():
    assert LOAD["together"](4, 4) == 1


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="counts pages as Linux does")
def test_memory_stays_flat_over_pages():
    """A page of it is 0.1 to 1 MB: what kept each would show."""
    code = (
        f"import runpy\npages = runpy.run_path({str(SCRIPT)!r})['pages']\n"
        f"early, late = pages(40, {str(LOAD['LAND'])!r}, '1914')\n"
        "assert late - early < 20, (early, late)"
    )
    environment = {**os.environ, "MARCHLAND_CACHE": "off"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-1000:]

"""Many runs: memory stays flat over many pages, and many processes on one cache agree: `make load`."""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAND = ROOT / "tests" / "cases" / "versions" / "cshapes.geojson"


def resident_mb() -> float:
    """Memory of this process that is in use now, from Linux's own count of pages."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def pages(count: int, data: str, when: str) -> tuple[float, float]:
    """Return resident memory after a tenth of ``count`` runs of `map` in this process, and after all."""
    from marchland.cli.main import main

    early = 0.0
    with tempfile.TemporaryDirectory() as home, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = nowhere
        try:
            for number in range(count):
                code = main(["map", when, "--data", data, "-o", f"{home}/page.html"])
                if code:
                    msg = f"run {number} ended with {code}"
                    raise RuntimeError(msg)
                if number + 1 == max(1, count // 10):
                    gc.collect()
                    early = resident_mb()
        finally:
            sys.stdout, sys.stderr = before
    gc.collect()
    return early, resident_mb()


def together(count: int, at_once: int) -> int:
    """Run ``count`` comparisons on one empty cache; return how many different answers there were."""
    words = ("compare", "1890", "1914", "--data", str(LAND), "-f", "json")
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(at_once) as pool:
        environment = {**os.environ, "XDG_CACHE_HOME": home, "MARCHLAND_CACHE": ""}

        def one(_number: int) -> bytes:
            command = [sys.executable, "-m", "marchland", *words]
            return subprocess.run(command, env=environment, check=True, capture_output=True).stdout

        answers = set(pool.map(one, range(count)))
        kept = list((Path(home) / "marchland").iterdir())
    if len(kept) != 1:
        msg = f"the cache holds {[p.name for p in kept]}"
        raise RuntimeError(msg)
    return len(answers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=50)
    options = parser.parse_args()
    answers = together(options.processes, options.processes)
    print(f"{options.processes} processes at once on one cache: {answers} answer", flush=True)
    early, late = pages(options.pages, "russia-china", "1860")
    growth = late - early
    print(
        f"{options.pages} pages in one process: {early:.0f} MB after a tenth, {late:.0f} MB at the end",
        flush=True,
    )
    return 0 if answers == 1 and growth < 0.05 * early else 1


if __name__ == "__main__":
    sys.exit(main())

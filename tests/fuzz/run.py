"""Drive the targets with a coverage-guided fuzzer (atheris): `make fuzz MINUTES=10`.

Each target has a process of its own and an equal share of the minutes. What is new is kept in
build/fuzz/TARGET; an input that ends in anything but the project's own errors is written there as
crash-…, and belongs into tests/fuzz/cases/TARGET once it is mended.
"""

import argparse
import importlib
import os
import pkgutil
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMES = tuple(
    "dates boundaries collections manifest store shapes records authored cached stamps words".split()  # noqa: SIM905
)
TOKENS = """
1860 1860-11-14 186X XXXX 9999 0000 .. / -00 ~ ? NaN NaT "type" FeatureCollection Topology Polygon
MultiPolygon GeometryCollection coordinates "properties" "geometry" null 1e999 -180 180 [[]] {}
holder start end id = versions map compare series matrix sources where frontier export treaty events
relations claims validate --data --preset --basis de_facto --reading --lang zh --sigma --correlation
-f json csv md geojson -o --exit-code --at --help --what tenures gpkg parquet kml topojson
linked-places --strict
""".split()  # noqa: SIM905


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="for all targets together")
    parser.add_argument("--target", choices=NAMES, action="append", help="may be given several times")
    parser.add_argument("--in-this-process", choices=NAMES, help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.in_this_process:
        return fuzz(options.in_this_process, rest)
    names = options.target or NAMES
    seconds = max(1, round(options.minutes * 60 / len(names)))
    failed = [name for name in names if run(name, seconds) != 0]
    print(f"{len(names)} targets, {seconds} s each; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def run(name: str, seconds: int) -> int:
    """Fuzz one target in a process of its own and print how far it came."""
    home = ROOT / "build" / "fuzz" / name
    home.mkdir(parents=True, exist_ok=True)
    write_seeds(name, home)
    words = home.parent / "tokens.txt"
    words.write_text("".join(f'"{_quoted(token)}"\n' for token in TOKENS), encoding="utf-8")
    command = [sys.executable, str(HERE / "run.py"), "--in-this-process", name, str(home)]
    known = HERE / "cases" / name
    command += [str(known)] if known.is_dir() else []
    command += [
        f"-max_total_time={seconds}",
        f"-dict={words}",
        "-max_len=4096",
        "-len_control=0",
        "-timeout=60",
    ]
    command += ["-rss_limit_mb=6000", f"-artifact_prefix={home}/", "-print_final_stats=1"]
    environment = {**os.environ, "MARCHLAND_CACHE": "off", "PYTHONWARNINGS": "ignore"}
    with (home.parent / f"{name}.log").open("wb") as log:
        code = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False).returncode
    told = (home.parent / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
    runs = [line for line in told if "number_of_executed_units" in line]
    reach = [line for line in told if " cov: " in line][-1:]
    print(f"{name}: exit {code}; {' '.join((runs + reach) or told[-3:])}", flush=True)
    return code


def _quoted(token: str) -> str:
    return "".join(
        c if c.isascii() and c.isprintable() and c not in '"\\' else f"\\x{ord(c):02X}" for c in token
    )


def write_seeds(name: str, home: Path) -> None:
    """Write something to start from where bytes alone would never get far."""
    cases = HERE.parent / "cases" / "versions"
    if name == "boundaries":
        for number, path in enumerate(sorted(cases.glob("*.geojson"))):
            if path.stat().st_size < 4000:
                (home / f"seed-{number}").write_bytes(b"\0" + path.read_bytes())
    elif name == "words":
        for number, words in enumerate(
            ("compare 1700 1800 -f json", "where 1 1 --at 1700", "export 1700 -f kml")
        ):
            (home / f"seed-{number}").write_text("\n".join(words.split()), encoding="utf-8")
    elif name == "dates":
        shutil.copyfile(cases / "README.md", home / "seed-0")


def fuzz(name: str, arguments: list[str]) -> int:
    """Fuzz in this process until libFuzzer has had its time; it ends the process itself."""
    try:
        import atheris
    except ModuleNotFoundError:
        print("fuzzing needs atheris; install marchland[fuzz]", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["marchland"]):
        import marchland

        for module in pkgutil.walk_packages(marchland.__path__, "marchland."):  # also what is imported late
            if module.name != "marchland.__main__":
                importlib.import_module(module.name)
        target = runpy.run_path(str(HERE / "targets.py"))["TARGETS"][name]
    target(b"")  # what is compiled once is compiled now
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a machine can do to a run: nothing is lost, nothing half-written stays, and one line says why."""

import functools
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases" / "versions"
LAND = str(CASES / "cshapes.geojson")
WINDOWS = sys.platform == "win32"
pytestmark = pytest.mark.skipif(WINDOWS, reason="these are faults of POSIX systems")


def start(*words, code=None, cwd=None, env=None, **options):
    """Start the command line, or a line of Python, as a process of its own with a bare environment."""
    command = [sys.executable, *(("-c", code) if code else ("-m", "marchland")), *words]
    known = {key: os.environ[key] for key in ("PATH", "PYTHONPATH", "SYSTEMROOT") if key in os.environ}
    if "preexec_fn" in options:
        known["PYTHONDONTWRITEBYTECODE"] = "1"  # Python's own compiled files would be cut short too
    environment = {**known, "MARCHLAND_CACHE": "off", **(env or {})}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, cwd=cwd, env=environment, **options)


def run(*words, **options):
    process = start(*words, **options)
    out, err = process.communicate(timeout=120)
    return process.returncode, (out or b"").decode("utf-8", "replace"), err.decode("utf-8", "replace")


@functools.cache
def plain(*words):
    """Run the command line in a bare environment, once in each worker, and return what it printed."""
    return run(*words)[1]


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def one_line(err):
    lines = [line for line in err.splitlines() if "was read with" not in line]
    assert len(lines) == 1, err
    assert lines[0].startswith("marchland: "), err
    return lines[0]


# --- disks


def small_files(size):
    """Return what lets a process write no file of more than ``size`` bytes, as a full disk would."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("ending", ["geojson", "kml", "html"])
def test_a_disk_that_is_full_keeps_the_old_file(tmp_path, ending):
    target = tmp_path / f"old.{ending}"
    target.write_text("old")
    words = ("map", "1914") if ending == "html" else ("export", "1914")
    code, out, err = run(*words, "--data", LAND, "-o", str(target), preexec_fn=small_files(1000))
    assert (code, out) == (2, "")
    assert "cannot write" in one_line(err)
    assert target.read_text() == "old"
    assert names(tmp_path) == [target.name]


def test_a_full_disk_under_the_cache_is_no_reason_to_fail(tmp_path):
    cache = {"XDG_CACHE_HOME": str(tmp_path), "MARCHLAND_CACHE": ""}
    code, out, _ = run("compare", "1890", "1914", "--data", LAND, env=cache, preexec_fn=small_files(100))
    assert (code, bool(out)) == (0, True)
    assert names(tmp_path / "marchland") == []
    assert plain("compare", "1890", "1914", "--data", LAND) == out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_an_answer_that_cannot_be_printed_is_told():
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        code, _, err = run("versions", stdout=full)
    assert code == 2
    assert "no space left" in one_line(err)


def test_a_target_that_may_not_be_written_is_told_before_the_work(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "x.html").mkdir()
    code, out, err = run("map", "1860", "-o", str(folder / "x.html"))
    assert (code, out) == (2, "")
    assert "it is a folder" in one_line(err)
    code, _, err = run("map", "1860", "-o", str(folder / "no" / "x.html"))
    assert code == 2
    assert "create it first" in one_line(err)


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/sys").is_dir(), reason="root may write everywhere")
def test_a_read_only_place_is_told():
    """Root too may not make files where the system makes them."""
    place = "/proc/sys/x.html" if os.geteuid() == 0 else "/x.html"
    code, out, err = run("map", "1860", "-o", place)
    assert (code, out) == (2, "")
    assert place in one_line(err)


# --- killed, and two at once


def writer(target, size):
    return (
        "from marchland.files import write_atomic\n"
        f"while True: write_atomic({str(target)!r}, b'x' * {size})\n"
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_killed_while_it_writes_leaves_a_whole_file(tmp_path, how):
    target, size = tmp_path / "page.html", 4_000_000
    target.write_bytes(b"x" * size)
    for wait in (0.0, 0.02):
        process = start(code=writer(target, size), cwd=tmp_path)
        deadline = time.monotonic() + 20
        while len(names(tmp_path)) < 2:  # until it is writing
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
        time.sleep(wait)
        process.send_signal(how)
        process.communicate(timeout=60)
        assert target.read_bytes() == b"x" * size
        for left in tmp_path.glob(".*"):
            assert left.name.startswith(".page.html.")
            assert left.suffix == ".tmp"
            left.unlink()


def test_an_interrupt_says_so_and_leaves_nothing(tmp_path):
    code = (  # a shell starts what runs behind it with interrupts ignored, and the child would inherit that
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from marchland.cli import main, options\n"
        "options.load = lambda *a, **k: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(main.main(['map', '1860', '-o', 'x.html']))\n"
    )
    assert run(code=code, cwd=tmp_path)[::2] == (130, "marchland: interrupted\n")
    assert names(tmp_path) == []


def test_many_that_write_one_file_leave_one_whole_one(tmp_path):
    target = tmp_path / "land.geojson"
    with ThreadPoolExecutor(4) as pool:
        days = ["1890", "1914"] * 2
        done = list(pool.map(lambda day: run("export", day, "--data", LAND, "-o", str(target)), days))
    assert {code for code, _, _ in done} == {0}
    whole = {plain("export", day, "--data", LAND) for day in ("1890", "1914")}
    assert target.read_text() in whole
    assert names(tmp_path) == ["land.geojson"]


def test_many_that_share_a_cache_agree(tmp_path):
    cache = {"XDG_CACHE_HOME": str(tmp_path), "MARCHLAND_CACHE": ""}
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(
                lambda _: run("compare", "1890", "1914", "--data", LAND, "-f", "json", env=cache), range(4)
            )
        )
    assert {(code, out) for code, out, _ in done} == {
        (0, plain("compare", "1890", "1914", "--data", LAND, "-f", "json"))
    }
    assert len(names(tmp_path / "marchland")) == 1


# --- the environment


@pytest.fixture(scope="module")
def page_of_1914(tmp_path_factory):
    page = tmp_path_factory.mktemp("page") / "other.html"
    assert run("map", "1914", "--data", LAND, "--lang", "ru", "-o", str(page))[0] == 0
    return page.read_bytes()


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "ru_RU.KOI8-R", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_NUMERIC": "de_DE.UTF-8"},
        {},
    ],
    ids=["C", "ascii", "koi8", "seed 1 east", "seed 2 west", "nothing"],
)
def test_answers_are_the_same_bytes_in_every_locale_zone_and_seed(tmp_path, page_of_1914, env):
    """Beside those of a bare environment."""
    words = ("treaty", "aigun-1858", "-f", "md", "--lang", "zh")
    code, out, err = run(*words, env=env)
    assert code == 0, err
    assert out == plain(*words)
    assert any(ord(letter) > 0x4E00 for letter in out)
    page = tmp_path / "page.html"
    code, _, err = run("map", "1914", "--data", LAND, "--lang", "ru", "-o", str(page), env=env)
    assert code == 0, err
    assert page.read_bytes() == page_of_1914


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_message_reaches_a_terminal_without_its_letters(lang):
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, out, err = run("where", "Владивосток-на-Луне", "--lang", lang, env=env)
    assert (code, out) == (4, "")
    assert "Traceback" not in err


def test_a_file_name_in_other_letters_is_written_in_the_c_locale(tmp_path):
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, out, err = run("export", "1914", "--data", LAND, "-o", str(tmp_path / "Амур.geojson"), env=env)
    assert code == 0, err
    assert (tmp_path / "Амур.geojson").is_file()
    assert "Traceback" not in err + out


def test_there_need_be_no_home(tmp_path):
    env = {"HOME": "", "MARCHLAND_CACHE": ""}
    assert run("compare", "1890", "1914", "--data", LAND, env=env, cwd=tmp_path)[0] == 0
    assert (
        run("map", "1914", "--data", LAND, "-o", "x.html", env={"HOME": "/nowhere/at/all"}, cwd=tmp_path)[0]
        == 0
    )
    assert names(tmp_path) == ["x.html"]


@pytest.mark.parametrize("shift_years", [-50, 500])
def test_a_clock_far_off_changes_no_answer(tmp_path, shift_years):
    """The clock is set for the process alone: every way Python has to read it is moved."""
    code = (
        "import time, sys\n"
        f"shift = {shift_years} * 31557600.0\n"
        "real, real_ns = time.time, time.time_ns\n"
        "time.time = lambda: real() + shift\n"
        "time.time_ns = lambda: real_ns() + int(shift * 1e9)\n"
        "from marchland.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    cache = {"XDG_CACHE_HOME": str(tmp_path), "MARCHLAND_CACHE": ""}
    words = ("export", "1914", "--data", LAND, "-f", "kml")
    shifted = [run(*words, code=code, env=cache) for _ in range(2)]
    assert [done[0] for done in shifted] == [0, 0], shifted[0][2]
    assert {done[1] for done in shifted} == {plain(*words)}


def test_a_closed_pipe_is_no_error():
    process = start("export", "1914", "--data", LAND)
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert "Traceback" not in err

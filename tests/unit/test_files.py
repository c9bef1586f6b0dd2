import os
import stat

import pytest

from marchland.errors import OutputError
from marchland.files import check_writable, write_atomic

not_as_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize(
    ("content", "expected"), [("Хабаров\n海", "Хабаров\n海".encode()), (b"\x00\r\n", b"\x00\r\n"), ("", b"")]
)
def test_content_is_written_as_it_is(tmp_path, content, expected):
    path = tmp_path / "a.txt"
    assert write_atomic(path, content) == path
    assert path.read_bytes() == expected
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        write_atomic(tmp_path / "a", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    write_atomic(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced():
    write_atomic("/dev/null", "gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116


@pytest.mark.parametrize("how", ["os.fdopen", "pathlib.Path.replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, how):
    path = tmp_path / "a"
    path.write_text("old")

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(how, full)
    with pytest.raises(OutputError, match=r"cannot write .*a: no space left on device"):
        write_atomic(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_an_interrupt_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "a", "new")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing/a.html", "the folder .*missing does not exist; create it first"),
        (".", "it is a folder; name a file in it"),
        ("file/a.html", "the folder .*file does not exist"),
        ("x" * 300, "name too long"),
        ("a\0b", "null"),
    ],
)
def test_what_cannot_be_written_is_refused_beforehand(tmp_path, name, message):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=message):
        check_writable(f"{tmp_path}/{name}")
    with pytest.raises(OutputError, match=message):
        write_atomic(f"{tmp_path}/{name}", "x")
    assert names(tmp_path) == ["file"]


def test_a_long_name_that_fits_is_written(tmp_path):
    write_atomic(tmp_path / ("x" * 250), "x")
    assert names(tmp_path) == ["x" * 250]


@not_as_root
def test_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="is read-only"):
        check_writable(tmp_path / "a")


def test_relative_paths_stay_as_they_were_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(write_atomic("a.html", "x")) == "a.html"

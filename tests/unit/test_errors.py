"""Every error is also the builtin it resembles, and survives a process pool."""

import pickle

import pytest

from marchland import errors


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("DateError", ValueError),
        ("UsageError", ValueError),
        ("NotFoundError", LookupError),
        ("DataError", ValueError),
        ("CompileError", errors.DataError),
        ("OpeningError", errors.DataError),
        ("OutputError", OSError),
    ],
)
def test_tree(name, builtin):
    error = getattr(errors, name)("the fact; the remedy")
    assert isinstance(error, errors.MarchlandError)
    assert isinstance(error, builtin)
    assert str(error) == "the fact; the remedy"


def test_all_errors_are_in_the_tree_and_exported():
    classes = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, Exception)}
    assert classes == set(errors.__all__) - {"list_ids"}
    assert all(issubclass(getattr(errors, n), errors.MarchlandError) for n in classes)


def test_what_is_to_be_said():
    error = pickle.loads(pickle.dumps(errors.OpeningError("several", option="layer", example="old")))
    assert (str(error), error.option, error.example) == ("several", "layer", "old")


def test_suggestions():
    assert errors.NotFoundError("no 'x'").suggestions == ()
    error = errors.NotFoundError("no version 'aihun'", suggestions=(s for s in ["aigun-1858", "aigun"]))
    assert error.suggestions == ("aigun-1858", "aigun")
    assert str(error) == "no version 'aihun'"


def test_pickle_keeps_suggestions():
    error = pickle.loads(pickle.dumps(errors.NotFoundError("no 'x'", suggestions=["y"])))
    assert (str(error), error.suggestions) == ("no 'x'", ("y",))


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([], ""),
        ([1], "1"),
        (range(5), "0, 1, 2, 3, 4"),
        (range(6), "0, 1, 2, 3, 4 and 1 more"),
        (range(1200), "0, 1, 2, 3, 4 and 1195 more"),
    ],
)
def test_list_ids(ids, text):
    assert errors.list_ids(ids) == text

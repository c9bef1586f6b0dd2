"""What is written is what was there: encode and decode, for every dataclass of the model."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland import model
from marchland.model import Era, Holder, Instrument, Place, Rule, Segment, Stage, Status, Tenure, Territory
from marchland.records import decode, encode

KINDS = sorted(
    (
        kind
        for kind in vars(model).values()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == model.__name__
    ),
    key=lambda kind: kind.__name__,
)

_names = st.dictionaries(st.sampled_from(["en", "ru", "zh"]), st.text(min_size=1, max_size=8), min_size=1)
st.register_type_strategy(float, st.floats(-180, 180))


def values(kind):
    """Any value of a dataclass, every field drawn by its type hint, also those with a default."""
    every = {item.name: _names if item.name == "names" else ... for item in fields(kind)}
    return st.builds(kind, **every)


def test_every_dataclass_of_the_model_is_here():
    assert {kind.__name__ for kind in KINDS} >= {
        "Article", "Era", "Holder", "Instrument", "Place", "Segment", "Tenure", "Territory"
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_decode_undoes_encode_through_json(kind):
    @given(values(kind))
    def check(value):
        assert decode(kind, json.loads(json.dumps(encode(value)))) == value

    check()


def test_only_what_differs_from_its_default_is_written():
    tenure = Tenure("ili", None, Status.JOINT, model.Basis.DE_JURE, date(1871, 7, 4), None, None)
    assert set(encode(tenure)) == {"territory", "status", "basis", "start"}
    assert encode(replace(tenure, certainty=""))["certainty"] == ""
    assert encode(replace(tenure, holder=""))["holder"] == ""


def test_types_are_restored():
    tenure = Tenure("ili", None, Status.OCCUPIED, model.Basis.DE_FACTO, date(1871, 7, 4), None, None)
    back = decode(Tenure, encode(tenure))
    assert back.holder is None
    assert back.status is Status.OCCUPIED
    assert back.start == date(1871, 7, 4)
    segment = Segment(
        "a/b", "a", "1", Rule.RIVER, Stage.DELIMITED, 1.5, "x", "y", "Amur", date(1858, 5, 28), None
    )
    assert encode(segment)["stage"] == "delimited"
    assert decode(Segment, encode(segment)) == segment
    territory = decode(Territory, {"id": "t", "names": {"en": "T"}, "label": [1.5, 2]})
    assert territory.label == (1.5, 2)
    assert isinstance(territory.label, tuple)


def test_nested_records_become_values_again():
    holder = Holder("china", {"en": "China"}, "#ddcc77", (Era(date(1912, 1, 1), {"en": "ROC"}),))
    assert decode(Holder, encode(holder)).eras[0].start == date(1912, 1, 1)


def test_a_false_flag_is_kept():
    act = Instrument("a-1", {"en": "A"}, "act", None, "done", frontier=False)
    assert encode(act)["frontier"] is False
    assert decode(Instrument, encode(act)).frontier is False


def test_zero_is_a_value():
    equator = Place("x", {"en": "X"}, 0.0, 0.0, 0.0, rank=0)
    assert {encode(equator)[key] for key in ("lon", "lat", "accuracy_km", "rank")} == {0}
    assert decode(Place, encode(equator)) == equator


def test_an_unknown_field_is_refused():
    with pytest.raises(TypeError, match="Era has no field 'stop'"):
        decode(Era, {"start": "1912-01-01", "names": {"en": "x"}, "stop": "1949-10-01"})


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"names": {"en": "x"}}, TypeError),
        ({"start": "1912-13-01", "names": {}}, ValueError),
        ({"start": 5, "names": {}}, TypeError),
    ],
)
def test_a_record_of_another_kind_is_refused(record, error):
    with pytest.raises(error):
        decode(Era, record)


def test_an_unknown_status_is_refused():
    good = encode(Tenure("t", "russia", Status.JOINT, model.Basis.DE_JURE, date(1858, 1, 1), None, None))
    with pytest.raises(ValueError, match="sold"):
        decode(Tenure, {**good, "status": "sold"})


def test_every_record_of_the_built_in_dataset_survives(built_in):
    for part in ("holders", "territories", "instruments", "segments", "places"):
        for item in getattr(built_in, part).values():
            assert decode(type(item), encode(item)) == item
    assert all(decode(Tenure, encode(item)) == item for item in built_in.tenures)

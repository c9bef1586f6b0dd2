"""The few words in which a claim says how the dataset measures it.

A formula is a question, its subject, and options: ``territories:uda-reserve+uda-left-bank on=1700-01-01``.

================================ ==================================================================
``territories:A+B``              area of these territories; ``on=`` the date whose clauses bound them
``compare:DATE..DATE``           area that changed hands; only ``from=``, ``to=`` these holders
``frontier:DATE``                length of the frontier; only ``instruments=``, ``segments=``, or
                                 all but ``except=`` these segments
``border:A,B``                   length of the line between two holders; ``on=`` a date
``distance:A,B``                 length from place to place, straight
``share:A+B/A+B+C``              area of the first territories in per cent of that of the second
================================ ==================================================================

``basis=de_facto`` asks on that basis; dates are whole (``1881-08-19``), lists set off by commas.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from marchland.model import Basis

_COMMON = frozenset({"basis"})
OPTIONS = {
    "territories": frozenset({"on"}),
    "compare": _COMMON | {"from", "to"},
    "frontier": _COMMON | {"instruments", "segments", "except"},
    "border": _COMMON | {"on"},
    "distance": frozenset[str](),
    "share": frozenset({"on"}),
}
"""Every question there is, with the options it takes."""

_SEPARATORS = {
    "territories": "+",
    "compare": "..",
    "frontier": ",",
    "border": ",",
    "distance": ",",
    "share": "/",
}
_LEAST = {"compare": 2, "border": 2, "distance": 2, "share": 2}
_MOST = {**_LEAST, "frontier": 1}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in its parts.

    ``terms`` are what is asked about, in order: territory ids, two dates, one date, two holders, two places;
    for ``share`` two sums of territories as they are written (``A+B``).
    """

    question: str
    terms: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)

    def listed(self, option: str) -> tuple[str, ...]:
        """Return the words of an option that holds several, none where it is not given."""
        return tuple(word for word in self.options.get(option, "").split(",") if word)

    @property
    def territories(self) -> tuple[str, ...]:
        """The territories it names."""
        if self.question not in {"territories", "share"}:
            return ()
        return tuple(dict.fromkeys(word for term in self.terms for word in term.split("+")))

    @property
    def places(self) -> tuple[str, ...]:
        """The places it names."""
        return self.terms if self.question == "distance" else ()

    @property
    def holders(self) -> tuple[str, ...]:
        """The holders it names."""
        named = self.terms if self.question == "border" else ()
        return (*named, *self.listed("from"), *self.listed("to"))

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments it names."""
        return self.listed("instruments")

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments it names."""
        return (*self.listed("segments"), *self.listed("except"))

    @property
    def days(self) -> tuple[date, ...]:
        """The dates it names."""
        words = self.terms if self.question in {"compare", "frontier"} else ()
        return tuple(date.fromisoformat(word) for word in (*words, *self.listed("on")))


def parse_formula(text: str) -> Formula:
    """Read a formula.

    Raises
    ------
    ValueError
        It is none: the message says what is wrong with it.

    Examples
    --------
    >>> parse_formula("compare:1858-05-27..1858-05-28 to=russia")
    Formula(question='compare', terms=('1858-05-27', '1858-05-28'), options={'to': 'russia'})
    """
    head, *words = text.split() or [""]
    question, _, subject = head.partition(":")
    if question not in OPTIONS:
        msg = f"no measure {question!r}; there are {', '.join(OPTIONS)}"
        raise ValueError(msg)
    terms = tuple(subject.split(_SEPARATORS[question]))
    if not all(terms) or len(terms) > _MOST.get(question, len(terms)) or len(terms) < _LEAST.get(question, 1):
        msg = f"cannot read the subject of {head!r}"
        raise ValueError(msg)
    formula = Formula(question, terms, dict(_option(word, question) for word in words))
    _ = formula.days, Basis(formula.options.get("basis", Basis.DE_JURE))  # refuses what is no date, no basis
    return formula


def _option(word: str, question: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    if name not in OPTIONS[question] or not value:
        takes = ", ".join(sorted(OPTIONS[question])) or "none"
        msg = f"{question} takes no option {word!r}; it takes {takes}"
        raise ValueError(msg)
    return name, value

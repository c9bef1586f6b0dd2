"""What a dataset says of itself."""

from dataclasses import dataclass, field, replace
from datetime import date

from marchland.errors import UsageError
from marchland.model import NOT_STATED, Names

__all__ = ["DatasetMeta"]


@dataclass(frozen=True, slots=True)
class DatasetMeta:
    """What a dataset says of itself.

    ``first_date`` and ``as_of`` bound the dates it answers for, both included. Where ``open_ended``, what
    holds on ``as_of`` holds on, and any later date is answered too. ``titles`` has the title in other
    languages.
    """

    name: str
    title: str
    version: str
    hash: str
    first_date: date
    as_of: date
    licence: str
    attribution: str
    citation: str
    titles: Names = field(default_factory=dict)
    open_ended: bool = False

    @property
    def label(self) -> str:
        """Name and version, or the name alone where the version only repeats the hash."""
        repeated = self.hash.removeprefix("sha256:").startswith(self.version)
        return self.name if repeated else f"{self.name} {self.version}"

    def title_in(self, lang: str) -> str:
        """Return the title in a language, or the English one."""
        return self.titles.get(lang, self.title)

    def credited(
        self, *, title: str | None = None, credit: str | None = None, licence: str | None = None
    ) -> "DatasetMeta":
        """Return the same with another title, and with makers and terms where none are stated.

        Parameters
        ----------
        title
            What the boundaries are, as a heading.
        credit
            Who made them: attribution and citation.
        licence
            On which terms, for example ``CC-BY-4.0``.

        Raises
        ------
        UsageError
            Makers or terms are stated already: whoever takes the data has to name those.
        """
        for what, given, stated in (
            ("makers", credit, self.attribution),
            ("licence", licence, self.licence),
        ):
            if given is not None and NOT_STATED not in stated:
                msg = f"{self.name} states its {what}, {stated}; leave that as it is"
                raise UsageError(msg)
        return replace(
            self,
            title=self.title if title is None else title,
            titles=self.titles if title is None else {},
            attribution=self.attribution if credit is None else credit,
            citation=self.citation if credit is None else credit,
            licence=self.licence if licence is None else licence,
        )

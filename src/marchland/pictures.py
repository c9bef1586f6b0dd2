"""Pictures that a dataset carries for its maps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to lay under a map: the bytes of its file and where it lies.

    ``crs`` is a PROJ string, ``bounds`` are west, south, east and north of its outer edge in metres there.
    """

    content: bytes
    mediatype: str
    crs: str
    bounds: tuple[float, float, float, float]

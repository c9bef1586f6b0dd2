"""Faces and arcs: the cells of a partition that are never split, and the lines between them."""

from dataclasses import dataclass

from marchland.model import reach_km


@dataclass(frozen=True, slots=True)
class Face:
    """A cell of the partition.

    ``territory`` None is backdrop: no holder, in no total. ``area_km2`` is ellipsoidal (WGS 84).
    """

    id: str
    territory: str | None
    area_km2: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A stretch of line between two nodes.

    ``left``/``right`` are face ids as one walks along it, None beyond the land or the window.

    ``kind`` is ``line`` (drawn by a clause), ``reference`` (a border that is not of this frontier), ``coast``
    or ``window``; ``sigma_km`` is the σ of position of the geometry itself, used where no clause states one,
    ``correlation_km`` the distance over which its errors are alike (None: see `marchland.model.reach_km`).
    """

    id: str
    left: str | None
    right: str | None
    kind: str
    segments: tuple[str, ...]
    length_km: float
    sigma_km: float
    correlation_km: float | None = None

    def stretch(self, correlation_km: float) -> str:
        """Return the key in ``covariance`` of the arc with an ℓ, km: its id, or ``id@ℓ`` if not its own."""
        own = reach_km(self.sigma_km, self.correlation_km)
        return self.id if correlation_km == own else f"{self.id}@{correlation_km:g}"

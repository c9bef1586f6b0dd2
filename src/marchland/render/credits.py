"""What every map says of its data: on which basis it shows land, and who is to be named for it."""

from marchland.model import NOT_STATED
from marchland.render.scene import Scene
from marchland.render.texts import Texts


def credit_lines(scene: Scene, texts: Texts) -> list[str]:
    """Return the lines that name sources, citation, dataset and licence.

    What says nothing is left out: a citation that is the source, and a version that is the hash.
    """
    meta = scene.composite.meta
    source = texts("author_unknown", name=meta.name) if NOT_STATED in meta.attribution else meta.attribution
    return [
        texts("sources", attribution=source),
        *([texts("citation", citation=meta.citation)] if meta.citation != meta.attribution else []),
        texts(
            "version_line",
            name=meta.label,
            hash=meta.hash.removeprefix("sha256:")[:12],
            licence=texts("licence_unknown") if meta.licence == NOT_STATED else meta.licence,
        ),
    ]


def basis_line(scene: Scene, texts: Texts) -> str:
    """Return the line that tells whether land is shown by right or in fact; empty if that is the same."""
    if not scene.composite.bases_differ:
        return ""
    return texts("basis_line", basis=texts.words["basis"][str(scene.basis)])


def readings_line(scene: Scene, texts: Texts) -> str:
    """Return the line that names the readings chosen; empty if there are none."""
    chosen = scene.composite.chosen
    return texts("readings_line", readings=", ".join(chosen)) if chosen else ""


def projection_name(scene: Scene, texts: Texts) -> str:
    """Return what the map's projection is called."""
    return str(texts.words["projections"][scene.projection.name])

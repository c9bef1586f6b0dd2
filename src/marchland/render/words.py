"""Names and phrases for a date, as the page's own script words them."""

from datetime import date

from marchland.model import Status, name_in
from marchland.render.fills import Fill
from marchland.render.scene import Scene


def instrument_name(scene: Scene, key: str) -> str:
    """Return an instrument's name in the scene's language, or its id if the dataset does not describe it."""
    known = scene.composite.instruments.get(key)
    return name_in(known.names, scene.texts.lang) if known else key


def holder_name(scene: Scene, holder: str | None, day: date) -> str:
    """Return the name of a holder (ids joined by ``+``, or None) on a date."""
    known = scene.composite.holders
    if holder is None:
        return scene.texts("nobody")
    parts = [holder] if holder in known else holder.split("+")
    names = [known[h].name_on(day, scene.texts.lang) if h in known else h for h in parts]
    return str(scene.texts.words["and"]).join(names)


def held_as(scene: Scene, fill: Fill, day: date) -> str:
    """Return the holder and, where it is not plain sovereignty, how it is held."""
    name = holder_name(scene, fill.holder, day)
    if fill.status == Status.SOVEREIGN or (
        fill.status == Status.JOINT and fill.holder in scene.composite.holders
    ):
        return name
    return scene.texts("holder_status", holder=name, status=scene.texts.status(fill.status))


def reason(scene: Scene, day: date) -> str:
    """Return what changed hands by on a date: the instruments, or that none is on record."""
    if day == scene.composite.meta.first_date:
        return scene.texts("first_stop")
    names = [instrument_name(scene, i) for i in scene.changed_by(day)]
    return str(scene.texts.words["list"]).join(names) or scene.texts("other_change")


def in_force(scene: Scene, day: date) -> str:
    """Return the line that names the latest instrument in force."""
    current = scene.composite.instrument_in_force(day)
    if current is None or current.date is None:
        return scene.texts("none_in_force")
    return scene.texts(
        "in_force", instrument=instrument_name(scene, current.id), date=scene.texts.date(current.date)
    )


def year_note(scene: Scene, day: date) -> str:
    """Return the line that says which changes fell into the year of a date, or nothing."""
    first = scene.composite.meta.first_date
    days = [d for d in scene.change_dates if d.year == day.year and d not in (day, first)]
    if not days:
        return ""
    changes = [scene.texts("change", date=scene.texts.date(d), instrument=reason(scene, d)) for d in days]
    return scene.texts(
        "year_changed", year=f"{day.year:04d}", changes=str(scene.texts.words["list"]).join(changes)
    )

"""A composite with hostile text in every field that has any."""

from dataclasses import replace

HOSTILE = (
    "</script></style></title></svg><script>window.hacked=1</script>"
    """<img src=x onerror="window.hacked=1">'"&amp;&#0;\u2028{x}"""
)


def names(item=""):
    return {lang: f"{HOSTILE}{item}{lang}" for lang in ("en", "ru", "zh")}


def hostile(composite):
    """Return the composite with hostile names, notes, articles and ids."""
    texts = dict.fromkeys(("name", "title", "version", "hash", "licence", "attribution", "citation"), HOSTILE)
    rename = {key: HOSTILE + key for key in composite.territories}
    holder = {key: f"third:{HOSTILE}{key}" if key.startswith("third") else key for key in composite.holders}
    return replace(
        composite,
        meta=replace(composite.meta, **texts, titles={}),
        holders={
            holder[k]: replace(
                h, id=holder[k], names=names(k), eras=tuple(replace(e, names=names(k)) for e in h.eras)
            )
            for k, h in composite.holders.items()
        },
        territories={
            rename[k]: replace(t, id=rename[k], names=names(k), note=HOSTILE)
            for k, t in composite.territories.items()
        },
        instruments={k: replace(i, names=names(k)) for k, i in composite.instruments.items()},
        segments={k: replace(s, article=HOSTILE, note=HOSTILE) for k, s in composite.segments.items()},
        places={k + HOSTILE: replace(p, id=k + HOSTILE, names=names(k)) for k, p in composite.places.items()},
        tenures=tuple(
            replace(
                t,
                territory=rename[t.territory],
                holder=holder.get(t.holder, t.holder),
                article=HOSTILE,
                note=HOSTILE,
                certainty=HOSTILE,
            )
            for t in composite.tenures
        ),
        faces=tuple(
            replace(f, territory=rename[f.territory] if f.territory else None) for f in composite.faces
        ),
    )

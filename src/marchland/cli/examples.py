"""Examples of every command, for its help, the reference and the manual pages; each is run by a test.

``borders.geojson`` stands for a user's own boundaries; ``docs/examples`` has one.
"""

OWN = "--data borders.geojson"

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "versions": (
        ("every treaty and act, in Russian", "versions --lang ru"),
        ("as rows for a spreadsheet", "versions -o versions.csv"),
    ),
    "map": (
        ("the last day of 1860", "map 1860"),
        ("the day a treaty's line counts from, in Chinese", 'map "Ili treaty" --lang zh'),
        ("who was there, not whose it was", "map 1900 --basis de_facto -o 1900.html"),
        ("a picture for print", "map 1860 -o 1860.pdf"),
        ("boundaries of your own", f"map 1960 {OWN}"),
    ),
    "story": (
        ("the frontier told from 1618 to today", "story"),
        ("in Russian, without the land forms", "story --lang ru --no-relief -o story.html"),
        ("how boundaries of your own changed", f"story {OWN}"),
    ),
    "article": (
        ("the map of a date with its words", "article 1860"),
        ("what two treaties changed, in Russian", "article 1857 1860 --lang ru -o amur"),
        ("boundaries of your own, their lines known to 2 km", f"article 1955 1960 {OWN} --sigma 2"),
    ),
    "compare": (
        ("what Aigun changed", "compare 1857 1859"),
        ("from one treaty to another, by pair of holders", "compare nerchinsk aigun --by pair"),
        ("the Uda line read otherwise", "compare 1700 1859 --reading uda=north"),
        ("boundaries of your own, their lines known to 2 km", f"compare 1870 1872 {OWN} --sigma 2"),
    ),
    "series": (
        ("who held how much, on every date of change", "series"),
        ("one holder, and a chart", "series --holder russia --chart russia.svg"),
    ),
    "matrix": (("how much changed between any two of four dates", "matrix 1689 1727 1860 1881 -f csv"),),
    "sources": (
        ("where two datasets disagree on a day", "sources russia-china borders.geojson --at 1960"),
        (
            "with holders that mean the same",
            "sources russia-china borders.geojson --at 1960 --match russia=Ada",
        ),
    ),
    "carry": (
        ("people of 1955 by the borders of 1960", f"carry people.csv 1955 1960 {OWN}"),
        ("the same for a spreadsheet", f"carry people.csv 1955 1960 {OWN} -o people-1960.csv"),
    ),
    "where": (
        ("every tenure of a place", "where Vladivostok"),
        ("who held it in fact that year", "where Kulja --at 1875 --basis de_facto"),
        ("longitude and latitude", "where 131.9 43.1 -f json"),
    ),
    "frontier": (
        ("which clause carries which stretch", "frontier 1860"),
        ("the lines themselves", "frontier kyakhta-1727 -o kyakhta.geojson"),
    ),
    "reproduce": (
        ("whether a page is what its dataset gives", "reproduce 1860.html"),
        ("a table of boundaries of your own", f"reproduce compare.json {OWN}"),
    ),
    "export": (
        ("the map of a date for QGIS", "export 1860 -o 1860.gpkg"),
        ("every tenure with its start and end", "export --what tenures -o tenures.geojson"),
    ),
    "treaty": (
        ("days, clauses, land, articles, sources", "treaty aigun-1858"),
        ("by a name in any language", "treaty 瑷珲条约 --lang zh"),
    ),
    "events": (
        ("the chapters of the story", "events --chapters"),
        ("between two dates", "events 1850 1861"),
    ),
    "relations": (("treaties that may have been in force", "relations 1950"),),
    "claims": (
        ("every published figure beside the dataset's", "claims"),
        ("as rows with sources and explanations", "claims -o claims.csv"),
    ),
    "validate": (
        ("is the dataset sound?", "validate"),
        ("is a file fit to be read?", "validate borders.geojson --holder holder"),
    ),
    "build": (("do compiled files follow from their sources?", "build --check"),),
    "completion": (
        ("bash", "completion bash > marchland.bash && source ./marchland.bash"),
        ("zsh, in a folder of $fpath", "completion zsh > _marchland"),
        ("fish, in ~/.config/fish/completions", "completion fish > marchland.fish"),
    ),
}


def epilog(name: str) -> str | None:
    """Return the examples of a command as click's help shows them, or None if it has none."""
    lines = [
        line for what, words in EXAMPLES.get(name, ()) for line in (f"  # {what}", f"  marchland {words}")
    ]
    return "\n".join(["\b", "Examples:", *lines]) if lines else None

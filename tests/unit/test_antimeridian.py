"""Land that meets across ±180°, and faces too thin to be anything but a line drawn twice."""

import geopandas
import pytest
import shapely

import marchland
from marchland.measure import line_length_km


def read(lands, **options):
    """One row a land: holder, polygon."""
    table = geopandas.GeoDataFrame(
        {"holder": [holder for holder, _ in lands], "start": "1900-01-01", "end": "1950-01-01"},
        geometry=[shape for _, shape in lands],
        crs="EPSG:4326",
    )
    return marchland.from_versions(table, holder="holder", start="start", end="end", **options)


def test_a_frontier_along_the_antimeridian_has_a_length():
    """West 60 to 64° N, east 62 to 66°: they meet over two degrees, and one of three is the same holder."""
    ds = read(
        [
            ("a", shapely.box(170, 60, 180, 64)),
            ("b", shapely.box(-180, 62, -170, 66)),
        ]
    )
    (row,) = ds.frontier(1920).rows
    assert row.segment == "a | b"
    assert row.length_km == pytest.approx(line_length_km([(180, 62), (180, 64)]), abs=0.005)
    (line,) = ds.frontier(1920).to_frame().geometry
    assert line.bounds == (180, 62, 180, 64)
    arc = next(arc for arc in ds.arcs if arc.id == row.arcs[0])
    west, east = (ds.face_geometries[face] for face in (arc.left, arc.right))
    assert (west.bounds[2], east.bounds[0]) == (180, -180)


def test_land_of_one_holder_is_no_frontier_across_it():
    ds = read([("a", shapely.box(170, 60, 180, 64)), ("a", shapely.box(-180, 60, -170, 64))])
    assert ds.frontier(1920).rows == ()


def test_thin_faces_are_told_and_left_alone():
    thin = [("a", shapely.box(0, 0, 1.001, 1)), ("b", shapely.box(1, 0, 2, 1))]
    ds = read(thin)
    (issue,) = [issue for issue in ds.reading_report if issue.code == "thin-faces"]
    assert issue.message.startswith("1 faces beside others are less than 0.5 km wide, 12.3")
    assert "is 111.2 m wide at 1.00" in issue.message
    assert ds.slivers == ()
    assert "contested" in {row.status for row in ds.at(1920).rows}
    merged = read(thin, sliver_km=0.5)
    assert "thin-faces" not in {issue.code for issue in merged.reading_report}
    wide = read([("a", shapely.box(0, 0, 1, 1)), ("islet", shapely.box(5, 5, 5.001, 5.001))])
    assert "thin-faces" not in {issue.code for issue in wide.reading_report}

"""A partition built in tiles is the one built at once, whoever builds it and however often it is stopped."""

import json
import runpy
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import marchland
from marchland.datasets.partitioned import build_folder
from marchland.datasets.versions import Recipe
from marchland.engine import Engine, overlay, overlay_polygons, parquet, tiled, work
from marchland.engine.join import MisfitError
from marchland.engine.mesh import polygon_words, ring_edges
from marchland.engine.pool import Pool
from marchland.engine.tiles import WORLD, Tile, clip_edges, far_ends, hilbert_order, plan_tiles
from marchland.errors import DataError, OutputError, UsageError

SHAPES = runpy.run_path(str(Path(__file__).parents[1] / "shapes.py"))
boxes, discs = SHAPES["boxes"], SHAPES["discs"]


def in_tiles(folder, polygons, most, runner=None):
    tiled.write_parts(folder, np.array(polygons, dtype=object))
    run = tiled.Run(folder, runner or tiled.Here(), lambda *_: None)
    tiled.build_tiles(run, most)
    return tiled.gather(folder), run


def assert_same(one, other):
    assert one.members == other.members
    assert one.areas == pytest.approx(other.areas, abs=1e-8)  # km², so 0.01 m²
    assert shapely.area(shapely.symmetric_difference(one.faces, other.faces)).max() < 1e-10
    assert len(one.arcs) == len(other.arcs)
    assert one.lengths.sum() == pytest.approx(other.lengths.sum(), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(boxes | discs, min_size=1, max_size=8), st.sampled_from([10, 40]))
def test_tiles_give_what_is_given_at_once(tmp_path_factory, polygons, most):
    whole = overlay_polygons(np.array(polygons, dtype=object))
    found, _ = in_tiles(tmp_path_factory.mktemp("work"), polygons, most)
    assert_same(found, whole)


def test_nothing_of_the_cuts_stays(tmp_path):
    ring = shapely.Point(0, 0).buffer(5, quad_segs=200).difference(shapely.Point(0, 0).buffer(3))
    others = [shapely.Point(x, 5).buffer(1) for x in range(-4, 5)]
    found, _ = in_tiles(tmp_path, [ring, *others], 100)
    tiles = work.tiles_of(tmp_path)
    assert len(tiles) > 8
    whole = overlay_polygons(np.array([ring, *others], dtype=object))
    for one, other in ((found.faces, whole.faces), (found.arcs, whole.arcs)):
        assert shapely.get_num_coordinates(one).sum() == shapely.get_num_coordinates(other).sum()
    beside = [{(int(a), int(b)), (int(b), int(a))} for a, b in zip(found.left, found.right, strict=True)]
    for pair, left, right in zip(beside, whole.left, whole.right, strict=True):
        assert (int(left), int(right)) in pair


def test_tiles_that_do_not_fit_are_made_in_another_way_once(tmp_path, monkeypatch):
    polygons = [shapely.Point(x, 0).buffer(0.8) for x in range(6)]
    whole = overlay_polygons(np.array(polygons, dtype=object))
    fits, calls = work.group_faces, []

    def refuses(*given):
        calls.append(given)
        if len(calls) < 2:
            msg = "two tiles do not fit"
            raise MisfitError(msg)
        return fits(*given)

    monkeypatch.setattr(work, "group_faces", refuses)
    found, run = in_tiles(tmp_path, polygons, 60)
    assert_same(found, whole)
    assert [stage.name for stage in run.stages].count("tile") == 2
    assert all(stage.found == 0 for stage in run.stages)
    assert not work.merge_at_cuts(tmp_path)


# --- the plane in tiles


def test_tiles_cover_the_world_once_and_know_the_corners_beside_them():
    points = np.random.default_rng(3).normal(0, 20, (500, 2))
    tiles = plan_tiles(np.hstack([points, points + 0.1]), np.full(500, 100), 4000)
    areas = [(e - w) * (n - s) for (w, s, e, n), _ in tiles]
    assert sum(areas) == pytest.approx((WORLD[2] - WORLD[0]) * (WORLD[3] - WORLD[1]))
    assert len(tiles) == 16
    assert any(tile.stops for tile in tiles)
    for west, south, east, north in (tile.bounds for tile in tiles):
        inside = ((points > [west, south]) & (points < [east, north])).all(axis=1)
        assert inside.sum() <= 40


def test_both_sides_of_a_cut_split_an_edge_at_one_point():
    polygon = shapely.Polygon([(0.1, 0.2), (7.3, 1.1), (3.7, 9.2)])
    edges = ring_edges(np.array([polygon]), polygon_words(np.arange(1)))
    turned = ring_edges(np.array([polygon.reverse()]), polygon_words(np.arange(1)))
    cut = 4.123456789
    _, left = clip_edges(edges, Tile((-181.0, -91.0, cut, 91.0)))
    _, right = clip_edges(turned, Tile((cut, -91.0, 181.0, 91.0)))
    one, other = (
        {tuple(point) for point in frame.reshape(-1, 2).tolist() if point[0] == cut}
        for frame in (left, right)
    )
    assert one == other
    assert len(one) == 4


def test_an_edge_through_a_corner_of_the_tile_keeps_its_piece():
    polygon = shapely.Polygon([(-2, 0.5), (2, 0.5), (2, 3), (-2, 3)])
    edges = ring_edges(np.array([polygon]), polygon_words(np.arange(1)))
    inside, frame = clip_edges(edges, Tile((-1.0, -1.0, 1.0, 1.0)))
    pieces = {tuple(map(tuple, inside.coords[[s, s + 1]].tolist())) for s in inside.start}
    assert pieces == {((-1.0, 0.5), (1.0, 0.5))}
    assert len(frame) == 6


def test_a_vertex_on_the_side_of_a_tile_is_refused():
    edges = ring_edges(np.array([shapely.box(0, 0, 2, 2)]), polygon_words(np.arange(1)))
    with pytest.raises(DataError, match="on the edge of a tile; choose the serial engine"):
        clip_edges(edges, Tile((0.0, -1.0, 1.0, 1.0)))


def test_the_far_ends_of_edges_are_those_outside():
    triangle = shapely.Polygon([(0.5, 0.5), (5, 0.5), (0.5, 7)])
    found = far_ends(np.array([triangle, shapely.box(8, 8, 9, 9)]), Tile((0.0, 0.0, 1.0, 1.0)))
    assert found.tolist() == [[0.5, 7.0], [5.0, 0.5]]
    assert far_ends(np.zeros(0, dtype=object), Tile((0.0, 0.0, 1.0, 1.0))).shape == (0, 2)


def test_an_end_beyond_a_cut_is_joined_alike_from_both_sides(tmp_path):
    """Only a polygon that does not reach into the first tile has the twin of that end."""
    one = shapely.Polygon([(0, 0), (0.3, 0.01), (0.3, 0.1), (0, 0.1)])
    other = shapely.Polygon([(0.3 - 6e-10, 0.01 - 6e-10), (0.9, 0), (0.9, 0.1), (0.3, 0.1)])
    found, _ = in_tiles(tmp_path, [one, other], 5)
    assert len(work.tiles_of(tmp_path)) > 1
    assert_same(found, overlay_polygons(np.array([one, other], dtype=object)))
    assert sorted(found.members) == [(0,), (1,)]


def test_a_hilbert_curve_goes_from_neighbour_to_neighbour():
    side = np.arange(16)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    points = np.array(WORLD[:2]) + (grid + 0.5) / 16 * (np.array(WORLD[2:]) - np.array(WORLD[:2]))
    path = grid[hilbert_order(points)]
    assert (np.abs(np.diff(path, axis=0)).sum(axis=1) == 1).all()


# --- engines


def table():
    shapes = [shapely.Point(x / 2, x * x / 90).buffer(1) for x in range(12)]  # no two faces alike
    names = [f"h{n % 4}" for n in range(12)]
    rows = {"holder": names, "start": [1800 + n for n in range(12)], "end": [1900] * 12}
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs="OGC:CRS84")


@pytest.mark.parametrize(("engine", "workers"), [("processes", 2), ("dask", 1)])
def test_engines_give_the_same_composite(monkeypatch, engine, workers):
    monkeypatch.setattr(tiled.build_tiles, "__defaults__", (200, (0.05, 0.9)))
    monkeypatch.setenv("MARCHLAND_CACHE", "off")
    columns = {"holder": "holder", "start": "start", "end": "end"}
    one = marchland.from_versions(table(), **columns, engine="serial")
    steps = []
    other = marchland.from_versions(
        table(),
        **columns,
        engine=engine,
        workers=workers,
        progress=lambda what, share: steps.append((share, what)),
    )
    assert one.tenures == other.tenures
    assert one.territories == other.territories
    assert [f.territory for f in one.faces] == [f.territory for f in other.faces]
    assert [f.area_km2 for f in one.faces] == pytest.approx([f.area_km2 for f in other.faces], abs=1e-8)
    assert any(what.startswith("cutting up tiles, 2 of") for _, what in steps)
    assert all(a <= b for (a, _), (b, _) in pairwise(steps))


def test_large_sets_go_to_several_processes_of_themselves(monkeypatch):
    assert Engine(workers=2).chosen(100) == "serial"
    assert Engine(workers=2).chosen(10**7) == "processes"
    assert Engine(workers=1).chosen(10**7) == "serial"
    assert Engine("serial", 2).chosen(10**7) == "serial"
    monkeypatch.setattr("marchland.engine.who.find_spec", lambda _name: None)
    assert Engine(workers=2).chosen(10**7) == "serial"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("spark", None, None), "no engine 'spark'; there are serial, processes, dask"),
        (("processes", 0, None), "0 workers do no work"),
        (("processes", 2, "tcp://x:1"), "goes with the engine dask"),
    ],
)
def test_an_engine_that_makes_no_sense_is_refused(options, why):
    with pytest.raises(UsageError, match=why):
        Engine(*options)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "marchland.engine.dask", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install marchland\[dask\]"):
        overlay(np.array([shapely.box(0, 0, 1, 1)]), Engine("dask"))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pyarrow, which is not installed; install marchland\[parquet\]"):
        overlay(np.array([shapely.box(0, 0, 1, 1)]), Engine("processes"))


TASKS = """
import os, signal
from pathlib import Path
from marchland.errors import DataError

def fine(folder, number):
    (folder / f"fine-{number}").touch()

def dies_once(folder, number):
    if number == 1 and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    fine(folder, number)

def dies(folder, number):
    os.kill(os.getpid(), signal.SIGKILL)

def fails(folder, number):
    raise DataError("the file is broken")
"""


@pytest.fixture
def tasks(tmp_path, monkeypatch):
    (tmp_path / "made_tasks.py").write_text(TASKS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return lambda name, count: [work.Task(f"made_tasks:{name}", str(tmp_path), n) for n in range(count)]


def test_a_worker_that_is_killed_does_not_lose_the_run(tmp_path, tasks):
    with Pool(2) as pool:
        reports = list(pool.run(tasks("dies_once", 4)))
    assert len(reports) == 4
    assert all(report.peak_mb > 1 for report in reports)
    assert len(list(tmp_path.glob("fine-*"))) == 4
    assert (tmp_path / "died").exists()


def test_a_task_that_kills_every_worker_ends_the_run(tasks):
    with Pool(1) as pool, pytest.raises(DataError, match="3 workers died over made_tasks:dies 0; give them"):
        list(pool.run(tasks("dies", 1)))


def test_what_a_task_raises_is_raised(tasks):
    with Pool(1) as pool, pytest.raises(DataError, match="the file is broken"):
        list(pool.run(tasks("fails", 2)))


# --- folders of GeoParquet

RECIPE = Recipe(holder="holder", start="start", end="end")


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    frame = table()
    for number, rows in enumerate((slice(0, 5), slice(5, 12))):
        frame.iloc[rows].to_parquet(folder / f"{number}.parquet")
    return folder


def content(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.*")}


def test_a_folder_becomes_a_folder_that_geopandas_reads(tmp_path, source):
    built = build_folder(source, tmp_path / "out", RECIPE, Engine("serial"), most=200)
    faces = geopandas.read_parquet(tmp_path / "out" / "faces")
    whole = overlay_polygons(table().geometry.to_numpy())
    assert sorted(map(tuple, faces.members)) == sorted(whole.members)
    assert faces.area_km2.sum() == pytest.approx(whole.areas.sum())
    assert faces.crs == "OGC:CRS84"
    assert sorted(faces.face) == list(range(built.faces))
    arcs = geopandas.read_parquet(tmp_path / "out" / "arcs")
    assert arcs.length_km.sum() == pytest.approx(whole.lengths.sum())
    assert set(arcs.left) | set(arcs.right) == {-1, *range(built.faces)}
    one = faces.set_index("face").geometry
    for arc in arcs.itertuples():
        beside = [side for side in (arc.left, arc.right) if side >= 0]
        assert all(shapely.dwithin(one[side].boundary, arc.geometry, 1e-9) for side in beside)
    some = geopandas.read_parquet(tmp_path / "out" / "faces", bbox=(0, 0, 0.1, 0.1))
    assert 0 < len(some) < len(faces)
    versions = parquet.count_rows(tmp_path / "out" / "versions" / "part-00001.parquet")
    assert (built.versions, versions) == (12, 7)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_put_right_is_in_the_result(tmp_path, source):
    bowtie = shapely.Polygon([(20, 0), (21, 1), (21, 0), (20, 1)])
    frame = geopandas.GeoDataFrame(
        {"holder": ["b", None], "start": [1700, 1700], "end": [1800, 1700]},
        geometry=[bowtie, shapely.box(0, 0, 1, 1)],
        crs="OGC:CRS84",
    )
    frame.to_parquet(source / "2.parquet")
    built = build_folder(source, tmp_path / "out", RECIPE, Engine("serial"))
    found = lines(tmp_path / "out" / "issues.jsonl")
    assert built.issues == len(found) == 2
    assert {(row["file"], row["code"], row["id"]) for row in found} == {
        ("2.parquet", "no-day", "row 1"),
        ("2.parquet", "invalid-ring", "row 0 (b)"),
    }


def test_a_row_that_repeats_another_is_left_out_wherever_it_is(tmp_path, source):
    once = build_folder(source, tmp_path / "once", RECIPE, Engine("serial"), most=200)
    turned = table().iloc[[3, 7]].copy()
    turned.geometry = turned.geometry.reverse()
    turned.to_parquet(source / "2.parquet")
    built = build_folder(source, tmp_path / "out", RECIPE, Engine("processes", 2), most=200)
    assert (built.versions, built.faces) == (once.versions, once.faces)
    for one, other in ((tmp_path / "once", tmp_path / "out"),):
        a, b = (geopandas.read_parquet(folder / "faces") for folder in (one, other))
        assert sorted(map(tuple, a.members)) == sorted(map(tuple, b.members))
        assert a.area_km2.sum() == pytest.approx(b.area_km2.sum())
    assert [(row["id"], row["message"]) for row in lines(tmp_path / "out" / "issues.jsonl")] == [
        ("row 0", "is the same as row 3 of 0.parquet; left out"),
        ("row 1", "is the same as row 2 of 1.parquet; left out"),
    ]
    assert parquet.count_rows(tmp_path / "out" / "versions" / "part-00002.parquet") == 0


def test_what_a_build_of_files_does_not_do_is_refused(tmp_path, source):
    for recipe in (replace(RECIPE, sliver_km=0.1), replace(RECIPE, sigma_km=5)):
        with pytest.raises(UsageError, match="merges no slivers and states no errors"):
            build_folder(source, tmp_path / "out", recipe, Engine("serial"))


class Stopping(tiled.Here):
    """Runs so many tasks and is then interrupted."""

    def __init__(self, after):
        self.left = after

    def run(self, tasks):
        for report in super().run(tasks):
            yield report
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_build_goes_on_where_it_was_stopped(tmp_path, source, monkeypatch, after):
    build_folder(source, tmp_path / "whole", RECIPE, Engine("serial"), most=200)
    with monkeypatch.context() as patch:
        patch.setattr(tiled, "Here", lambda: Stopping(after))
        with pytest.raises(KeyboardInterrupt):
            build_folder(source, tmp_path / "out", RECIPE, Engine("serial"), most=200)
    assert not (tmp_path / "out").exists()
    built = build_folder(source, tmp_path / "out", RECIPE, Engine("serial"), most=200)
    assert sum(stage.found for stage in built.stages) >= after
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_file_cut_short_is_written_again(tmp_path, source, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tiled, "Here", lambda: Stopping(8))
        with pytest.raises(KeyboardInterrupt):
            build_folder(source, tmp_path / "out", RECIPE, Engine("serial"), most=200)
    (tile,) = tmp_path.glob(".out.work-*/tiles/00001.npz")
    tile.write_bytes(tile.read_bytes()[:-100])
    built = build_folder(source, tmp_path / "out", RECIPE, Engine("serial"), most=200)
    build_folder(source, tmp_path / "whole", RECIPE, Engine("serial"), most=200)
    assert [stage.tasks for stage in built.stages[:2]] == [0, 1]
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_target_that_is_there_is_not_written_over(tmp_path, source):
    with pytest.raises(OutputError, match="is there already"):
        build_folder(source, source, RECIPE, Engine("serial"))
    with pytest.raises(OutputError, match="has no folder"):
        build_folder(source, tmp_path / "no" / "out", RECIPE, Engine("serial"))
    with pytest.raises(DataError, match=r"holds no \.parquet files"):
        build_folder(tmp_path, tmp_path / "out", RECIPE, Engine("serial"))

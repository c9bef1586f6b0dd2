"""Files made to harm: they are refused in a line, touch nothing beside them, and reach for no other file."""

import gzip
import http.server
import json
import lzma
import threading
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import marchland
from marchland.datasets import files, repairs
from marchland.errors import DataError
from marchland.stamps import read_stamp

SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
ENDINGS = (
    ".geojson",
    ".json",
    ".kml",
    ".gml",
    ".gpx",
    ".gpkg",
    ".fgb",
    ".tab",
    ".mif",
    ".vrt",
    ".csv",
    ".xml",
    ".geojsonl",
)


def collection(holder="Ada"):
    properties = {"holder": holder, "start": "1900", "end": "1950"}
    geometry = {"type": "Polygon", "coordinates": SQUARE}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": geometry}],
    }


@pytest.fixture
def server():
    """A server on this machine that notes what it is asked for, and has nothing."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_args):
            pass

    listening = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}", asked
    listening.shutdown()
    thread.join()
    listening.server_close()


def pointers(url, secret):
    """Return what GDAL would follow to other files or to a service."""
    layer = '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    gml = (
        '<?xml version="1.0"?><ogr:FeatureCollection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="http://ogr.maptools.org/ {url}/s.xsd" xmlns:ogr="http://ogr.maptools.org/"'
        ' xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><ogr:land><ogr:holder>x</ogr:holder>'
        "</ogr:land></gml:featureMember></ogr:FeatureCollection>"
    )
    pipeline = {
        "type": "gdal_streamed_alg",
        "command_line": f"gdal vector reproject --dst-crs=EPSG:4326 {secret} --output-format stream x",
    }
    return {
        "virtual layer of a file": layer.format(secret) + "</OGRVRTDataSource>",
        "virtual layer of an address": layer.format(f"/vsicurl/{url}/x.geojson") + "</OGRVRTDataSource>",
        "virtual layer after a comment": "<!-- a -->\n" + layer.format(secret) + "</OGRVRTDataSource>",
        "server": f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
        "schema elsewhere": gml,
        "pipeline": json.dumps(pipeline),
        "pipeline inside": json.dumps({"features": [], **pipeline}),
        "entities that grow": '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in pairwise("abcdefghij"))
        + "]><kml><name>&j;</name></kml>",
        "entity": f'<!DOCTYPE kml [<!ENTITY x SYSTEM "{secret.as_uri()}">]><kml><name>&x;</name></kml>',
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("what", sorted(pointers("http://x", Path("/x"))))
def test_a_file_that_stands_for_others_is_not_followed(server, tmp_path, what):
    url, asked = server
    secret = tmp_path / "secret.geojson"
    secret.write_text(json.dumps(collection("SECRET")))
    home = tmp_path / "home"
    home.mkdir()
    for ending in ENDINGS:
        path = home / f"land_1900{ending}"
        path.write_text(pointers(url, secret)[what])
        for read in (marchland.load, marchland.validate):
            with pytest.raises(DataError) as caught:
                read(path)
            assert "SECRET" not in str(caught.value)
        assert [p.name for p in home.iterdir()] == [path.name]
        path.unlink()
    assert asked == []


def packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    "name",
    [
        "../land.geojson",
        "a/../../land.geojson",
        "/etc/land.geojson",
        "..\\land.geojson",
        "C:\\x\\land.geojson",
    ],
)
def test_an_archive_that_leads_out_of_itself_is_not_read(tmp_path, name):
    path = tmp_path / "in" / "land_1900.zip"
    path.parent.mkdir()
    packed(path, {"land.geojson": json.dumps(collection()), name: "x"})
    with pytest.raises(DataError, match="would lie outside of it"):
        marchland.load(path)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", "land_1900.zip"]


def test_a_pointer_in_an_archive_is_not_followed(tmp_path):
    secret = tmp_path / "secret.geojson"
    secret.write_text(json.dumps(collection("SECRET")))
    text = pointers("http://x", secret)["virtual layer of a file"]
    for name in ("land.gpkg", "land.kml", "land.geojson", "land.shp"):
        packed(tmp_path / "land_1900.zip", {name: text})
        with pytest.raises(DataError, match="stands for other files"):
            marchland.load(tmp_path / "land_1900.zip")
    for ending, pack in ((".xz", lzma.compress), (".gz", gzip.compress)):
        path = tmp_path / f"land_1900.kml{ending}"
        path.write_bytes(pack(text.encode()))
        with pytest.raises(DataError, match="stands for other files"):
            marchland.load(path)


@pytest.mark.parametrize("ending", [".xz", ".gz", ".zip"])
def test_a_bomb_is_refused_before_it_has_unpacked(tmp_path, ending, monkeypatch):
    monkeypatch.setattr(files, "_SMALL", 1 << 20)
    path, content = tmp_path / f"land_1900.geojson{ending}", bytes(64 << 20)
    if ending == ".zip":
        packed(path, {"land.geojson": content})
    else:
        path.write_bytes({".xz": lzma.compress, ".gz": gzip.compress}[ending](content))
    assert path.stat().st_size < 100_000
    with pytest.raises(DataError, match="unpacks to"):
        marchland.load(path)


def test_a_zip_that_lies_about_its_sizes_is_damaged(tmp_path):
    path = tmp_path / "land_1900.zip"
    packed(path, {"land.geojson": json.dumps(collection()) + " " * 100_000})
    content = path.read_bytes()
    real = (len(json.dumps(collection())) + 100_000).to_bytes(4, "little")
    assert content.count(real) >= 1
    path.write_bytes(content.replace(real, (10).to_bytes(4, "little")))
    with pytest.raises(DataError):
        marchland.load(path)


def test_deep_nesting_is_refused(tmp_path):
    for name, text in {"a.geojson": "[" * 200_000, "a.topojson": '{"a":' * 200_000}.items():
        path = tmp_path / f"1900{name}"
        path.write_text(text)
        with pytest.raises(DataError):
            marchland.load(path)


def test_a_name_that_gdal_would_take_for_an_address_is_a_file(server, tmp_path, monkeypatch):
    url, asked = server
    monkeypatch.chdir(tmp_path)
    name = f"WFS:{url.removeprefix('http://')}_1900.gpkg"
    (tmp_path / name).write_bytes(b"SQLite format 3\x00")
    with pytest.raises(DataError):
        marchland.load(name)
    assert asked == []


def test_a_stamp_is_read_from_no_address(server, tmp_path, monkeypatch):
    url, asked = server
    monkeypatch.chdir(tmp_path)
    path = Path(f"WFS:{url.removeprefix('http://')}_x.gpkg")
    path.write_bytes(b"SQLite format 3\x00" + bytes(100))
    with pytest.raises(DataError):
        read_stamp(path)
    assert asked == []


def test_links_are_followed_to_files_and_not_in_circles(tmp_path):
    (tmp_path / "real_1900.geojson").write_text(json.dumps(collection()))
    (tmp_path / "link_1900.geojson").symlink_to("real_1900.geojson")
    assert list(marchland.load(tmp_path / "link_1900.geojson").holders) == ["Ada"]
    (tmp_path / "circle.geojson").symlink_to("circle.geojson")
    with pytest.raises(DataError):
        marchland.load(tmp_path / "circle.geojson")
    (tmp_path / "gone.geojson").symlink_to("nowhere.geojson")
    with pytest.raises(DataError):
        marchland.load(tmp_path / "gone.geojson")


@pytest.mark.parametrize(
    "path", ["compiled\\composite.json", "../../secret.json", "/etc/passwd", "C:\\secret.json"]
)
def test_a_manifest_names_no_file_outside_its_folder(tmp_path, path):
    """Which files are read is not the manifest's to say: it only says what they must be."""
    home = tmp_path / "evil"
    home.mkdir()
    (tmp_path / "secret.json").write_text("{}")
    manifest = {
        "name": "evil", "title": "", "version": "1", "licenses": [], "attribution": "", "citation": "",
        "temporal": {"start": "1900-01-01", "as_of": "2000-01-01"},
        "resources": [{"path": path, "hash": "sha256:0"}],
    }  # fmt: skip
    (home / "datapackage.json").write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=r"composite\.json"):
        marchland.load(home)


@pytest.mark.parametrize("path", ["../../secret.webp", "/etc/hostname", "..\\secret.webp"])
def test_a_picture_of_a_manifest_lies_in_its_folder(tmp_path, path):
    from hashlib import sha256

    from marchland.datasets.package import Package

    home = tmp_path / "a" / "evil"
    home.mkdir(parents=True)
    (tmp_path / "secret.webp").write_bytes(b"SECRET")
    digest = sha256(b"SECRET").hexdigest()
    picture = {
        "name": "relief", "path": path, "hash": f"sha256:{digest}", "mediatype": "image/webp",
        "spatial": {"bbox": [0, 0, 1, 1], "crs": "OGC:CRS84"},
    }  # fmt: skip
    (home / "datapackage.json").write_text(json.dumps({"resources": [picture]}))
    with pytest.raises(DataError, match="no path within it"):
        Package(home).picture("relief")


def test_a_ring_of_too_many_vertices_is_refused_before_the_work(tmp_path, monkeypatch):
    """Forty million is the limit; here it is lowered, so that the ring need not be as large."""
    monkeypatch.setattr(repairs, "MOST_VERTICES", 5_000)
    turn = np.linspace(0, 2 * np.pi, 5_001)
    ring = np.column_stack([np.cos(turn), np.sin(turn)]).round(9)
    ring[-1] = ring[0]
    told = collection()
    path = tmp_path / "land_1900.geojson"
    for vertices, wanted in ((5_000, None), (5_001, "5,001 vertices are more than 5,000")):
        told["features"][0]["geometry"]["coordinates"] = [[*ring[: vertices - 1].tolist(), ring[0].tolist()]]
        path.write_text(json.dumps(told))
        if wanted is None:
            assert list(marchland.load(path).holders) == ["Ada"]
            continue
        with pytest.raises(DataError, match=wanted):
            marchland.load(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]

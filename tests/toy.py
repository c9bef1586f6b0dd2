"""A small composite with real-looking coordinates: coarse lines of the frontier, a few dozen faces.

It stands in for the built-in dataset where a test needs to know every figure, or to put hostile text into
every field.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from marchland.composite import SpaceTimeComposite
from marchland.faces import Arc, Face
from marchland.measure import polygon_area_km2
from marchland.meta import DatasetMeta
from marchland.model import (
    Article,
    Basis,
    Era,
    Holder,
    Instrument,
    Place,
    Rule,
    Segment,
    Stage,
    Status,
    Tenure,
    Territory,
)
from marchland.partition import build_partition

FIRST, AS_OF = date(1640, 1, 1), date(2026, 10, 31)
AIGUN, PEKING, NERCHINSK = date(1858, 5, 28), date(1860, 11, 14), date(1689, 9, 7)
HANDOVER, USSR_END = date(2008, 10, 14), date(1991, 12, 26)


def _points(text: str) -> list[tuple[float, float]]:
    """Read ``lon lat, lon lat, …``."""
    return [(float(lon), float(lat)) for lon, lat in (pair.split() for pair in text.split(","))]


WINDOW = _points("60 34, 145 34, 145 63, 60 63, 60 34")
COAST = _points(
    "145 59.4, 142 59.2, 138.5 56.8, 135.3 54.7, 137.6 53.8, 139.4 54.2, 141.3 53.2, 140.4 "
    "51, 140.3 48.5, 138 46.3, 135.5 44.2, 133.2 42.8, 131.9 43.2, 130.7 42.3, 129.7 41.5, "
    "127.6 39.8, 129.4 37, 129 35.2, 126.5 34.6, 126.6 37.5, 124.5 39.9, 121.5 39, 121 40.8, "
    "118 39, 119 37.3, 122.5 37.2, 119.4 35, 120 34"
)
SAKHALIN = _points("142.7 54.3, 143.3 52, 143.2 49.5, 144.5 48.7, 142.9 46.8, 142 46, 142 50, 142.7 54.3")
ISLET = _points("137.2 54.9, 138.1 55.2, 138.2 54.8, 137.2 54.9")
LINES = {
    "argun": _points("117.8 49.5, 119.3 50.2, 119.9 51.5, 121.5 53.3"),
    "upper-amur": _points("121.5 53.3, 124 53.3, 125.6 52.8, 126.9 51.3, 127.5 50.3, 129.5 49.4, 130.8 48.9"),
    "middle-amur": _points("130.8 48.9, 132.5 47.8, 134.57 48.3"),
    "kazakevichev": _points("134.57 48.3, 134.74 48.2, 134.9 48.4"),
    "heixiazi-north": _points("134.57 48.3, 134.62 48.45, 134.9 48.4"),
    "lower-amur": _points("134.9 48.4, 137 50.2, 139 52, 140.2 52.9, 141.3 53.2"),
    "ussuri": _points("134.74 48.2, 133.8 46.7, 132.9 45.1, 131.9 45.2, 131 44.5, 131.2 43.4, 130.7 42.3"),
    "gorbitsa": _points("121.5 53.3, 119.2 53.1, 119.4 54.2, 120.5 56"),
    "stanovoy": _points("120.5 56, 124 56.3, 127 56, 130 55.6, 132 55"),
    "stanovoy-north-branch": _points("132 55, 133.5 55.5, 135.3 54.7"),
    "stanovoy-south-branch": _points("132 55, 134 53, 137 52.5, 140.2 52.9"),
    "kyakhta-east": _points("117.8 49.5, 113 49.9, 110 49.2, 106.5 50.3"),
    "kyakhta-west": _points("106.5 50.3, 102.3 50.6, 98.6 52, 94.5 53, 90 52.1, 89 51.4"),
    "tuva-south": _points("98.6 52, 98.2 50.5, 95 50, 92 50.7, 89.3 50"),
    "altai": _points("89 51.4, 89.3 50, 87.8 49.2"),
    "mongolia-south": _points(
        "117.8 49.5, 115.8 47.8, 119.8 46.7, 116 46.1, 111.8 43.7, 105 41.7, 96.4 42.8, 91 45.3, 87.8 49.2"
    ),
    "pickets": _points("89 51.4, 84 50, 81 48.6, 78 46.5, 77 43.5, 75 41, 73.7 39.6"),
    "1864": _points(
        "87.8 49.2, 85.6 48.3, 85.6 47.2, 83 47.2, 82.4 45.2, 80.2 44.9, 80.4 43, 80.2 42.2, 77 41, 73.7 39.6"
    ),
    "khorgos": _points("80.2 44.9, 80.35 44.2, 81.4 43.2, 80.2 42.2"),
    "pamir": _points("73.7 39.6, 74.9 38.4, 74.6 37.3, 78 35.5, 79.5 34"),
    "palisade": _points("119.8 46.7, 120.5 43.5, 121 40.8"),
    "korea": _points("130.7 42.3, 128.1 42, 126.5 41.6, 124.5 39.9"),
    "kazakh": _points("60 50.8, 68 54.9, 77 53.3, 80.5 50.9, 87.8 49.2"),
    "iran": _points("60 37.5, 66.5 37.4, 71 36.8, 74.6 37.3"),
}
LABELS: dict[str, tuple[float, float, str, str, str]] = {
    "siberia": (100, 58, "Siberia", "Сибирь", "西伯利亚"),
    "steppe": (68, 47, "Kazakh steppe", "Казахская степь", "哈萨克草原"),
    "left-bank": (127.5, 53, "Left bank of the Amur", "Левобережье Амура", "黑龙江左岸"),
    "uda": (135.5, 53.7, "Uda lands", "Удский край", "乌第河地区"),
    "ussuri-coast": (136, 46.5, "Ussuri to the sea", "Уссурийский край", "乌苏里江以东"),
    "heixiazi": (134.7, 48.3, "Bolshoy Ussuriysky (west)", "Большой Уссурийский (запад)", "黑瞎子岛西部"),
    "manchuria": (125, 46, "Manchuria", "Маньчжурия", "满洲"),
    "mongolia": (104, 46, "Outer Mongolia", "Внешняя Монголия", "外蒙古"),
    "tuva": (94, 51.5, "Tuva", "Тува", "唐努乌梁海"),
    "china-proper": (108, 38, "China and Xinjiang", "Китай и Синьцзян", "中国与新疆"),
    "balkhash": (80, 46.3, "Lands east of Balkhash", "Земли к востоку от Балхаша", "巴尔喀什湖以东"),
    "ili": (80.6, 43.6, "Ili, ceded 1881", "Или, 1881", "伊犁"),
    "sakhalin": (143, 50, "Sakhalin", "Сахалин", "库页岛"),
}
SEGMENTS: dict[str, tuple[str, str, Stage | None, float, date, date | None]] = {
    "argun": ("nerchinsk-1689", "2", Stage.DELIMITED, 2.0, NERCHINSK, None),
    "gorbitsa": ("nerchinsk-1689", "1", Stage.DELIMITED, 5.0, NERCHINSK, AIGUN),
    "stanovoy": ("nerchinsk-1689", "1", Stage.ALLOCATED, 15.0, NERCHINSK, AIGUN),
    "stanovoy-north-branch": ("nerchinsk-1689", "1", Stage.ALLOCATED, 60.0, NERCHINSK, AIGUN),
    "stanovoy-south-branch": ("nerchinsk-1689", "1", Stage.ALLOCATED, 60.0, NERCHINSK, AIGUN),
    "kyakhta-east": ("kyakhta-1727", "3", Stage.DEMARCATED, 3.0, date(1728, 6, 25), None),
    "kyakhta-west": ("kyakhta-1727", "3", Stage.DELIMITED, 8.0, date(1728, 6, 25), None),
    "upper-amur": ("aigun-1858", "1", Stage.DELIMITED, 1.0, AIGUN, None),
    "middle-amur": ("aigun-1858", "1", Stage.DELIMITED, 1.0, AIGUN, None),
    "lower-amur": ("aigun-1858", "1", Stage.DELIMITED, 1.0, AIGUN, None),
    "ussuri": ("peking-1860", "1", Stage.DELIMITED, 1.0, PEKING, None),
    "kazakevichev": ("peking-1860", "1", None, 1.0, PEKING, HANDOVER),
    "heixiazi-north": ("supplementary-2004", "1", Stage.DEMARCATED, 0.1, HANDOVER, None),
    "1864": ("tarbagatai-1864", "2", Stage.DELIMITED, 10.0, date(1864, 10, 7), None),
    "altai": ("tarbagatai-1864", "1", Stage.ADMINISTERED, 10.0, date(1864, 10, 7), None),
    "khorgos": ("st-petersburg-1881", "7", Stage.DELIMITED, 3.0, date(1881, 8, 19), None),
    "pamir": ("st-petersburg-1881", "9", None, 40.0, date(1884, 6, 3), None),
}
TITLES = {
    "nerchinsk-1689": ("Treaty of Nerchinsk", "Нерчинский договор", "尼布楚条约", NERCHINSK),
    "kyakhta-1727": ("Treaty of Kyakhta", "Кяхтинский договор", "恰克图条约", date(1728, 6, 25)),
    "aigun-1858": ("Treaty of Aigun", "Айгунский договор", "瑷珲条约", AIGUN),
    "peking-1860": ("Convention of Peking", "Пекинский договор", "北京条约", PEKING),
    "tarbagatai-1864": ("Protocol of Tarbagatai", "Чугучакский протокол", "塔城议定书", date(1864, 10, 7)),
    "st-petersburg-1881": (
        "Treaty of Saint Petersburg",
        "Петербургский договор",
        "伊犁条约",
        date(1881, 8, 19),
    ),
    "ussr-dissolution-1991": ("Dissolution of the USSR", "Распад СССР", "苏联解体", USSR_END),
    "supplementary-2004": ("Supplementary Agreement", "Дополнительное соглашение", "补充协定", HANDOVER),
}
Row = tuple[date, str | None, Status, str | None]
S = Status
HISTORY: dict[str, list[Row]] = {
    "siberia": [(FIRST, "russia", S.SOVEREIGN, None)],
    "steppe": [
        (FIRST, "third:kazakhs", S.SOVEREIGN, None),
        (date(1847, 1, 1), "russia", S.PROTECTORATE, None),
        (USSR_END, "third:kazakhs", S.SOVEREIGN, "ussr-dissolution-1991"),
    ],
    "left-bank": [
        (FIRST, None, S.CONTESTED, None),
        (NERCHINSK, "china", S.SOVEREIGN, "nerchinsk-1689"),
        (AIGUN, "russia", S.SOVEREIGN, "aigun-1858"),
    ],
    "uda": [
        (FIRST, None, S.CONTESTED, None),
        (NERCHINSK, None, S.UNDELIMITED, "nerchinsk-1689"),
        (AIGUN, "russia", S.SOVEREIGN, "aigun-1858"),
    ],
    "ussuri-coast": [
        (FIRST, None, S.CONTESTED, None),
        (NERCHINSK, "china", S.SOVEREIGN, "nerchinsk-1689"),
        (AIGUN, "china+russia", S.JOINT, "aigun-1858"),
        (PEKING, "russia", S.SOVEREIGN, "peking-1860"),
    ],
    "heixiazi": [
        (FIRST, None, S.CONTESTED, None),
        (NERCHINSK, "china", S.SOVEREIGN, "nerchinsk-1689"),
        (PEKING, "russia", S.OCCUPIED, "peking-1860"),
        (HANDOVER, "china", S.SOVEREIGN, "supplementary-2004"),
    ],
    "manchuria": [(FIRST, "china", S.SOVEREIGN, None)],
    "mongolia": [
        (FIRST, "china", S.CLAIMED, None),
        (date(1728, 6, 25), "china", S.SOVEREIGN, "kyakhta-1727"),
        (date(1946, 1, 5), "third:mongolia", S.SOVEREIGN, None),
    ],
    "tuva": [(FIRST, "china", S.SOVEREIGN, None), (date(1944, 10, 11), "russia", S.SOVEREIGN, None)],
    "china-proper": [(FIRST, "china", S.SOVEREIGN, None)],
    "balkhash": [
        (FIRST, "third:kazakhs", S.SOVEREIGN, None),
        (date(1757, 1, 1), "china", S.SOVEREIGN, None),
        (date(1864, 10, 7), "russia", S.SOVEREIGN, "tarbagatai-1864"),
        (USSR_END, "third:kazakhs", S.SOVEREIGN, "ussr-dissolution-1991"),
    ],
    "ili": [
        (FIRST, "china", S.SOVEREIGN, None),
        (date(1881, 8, 19), "russia", S.LEASED, "st-petersburg-1881"),
        (USSR_END, "third:kazakhs", S.SOVEREIGN, "ussr-dissolution-1991"),
    ],
    "sakhalin": [(FIRST, None, S.UNDELIMITED, None), (date(1945, 9, 2), "russia", S.SOVEREIGN, None)],
}
PLACES = {
    "nerchinsk": ("Nerchinsk", "Нерчинск", "尼布楚", 116.587, 51.98),
    "albazin": ("Albazin", "Албазин", "雅克萨", 124.08, 53.39),
    "aigun": ("Aigun", "Айгун", "瑷珲", 127.481, 49.98),
    "kyakhta": ("Kyakhta", "Кяхта", "恰克图", 106.45, 50.35),
    "irkutsk": ("Irkutsk", "Иркутск", "伊尔库茨克", 104.3, 52.29),
    "khabarovsk": ("Khabarovsk", "Хабаровск", "伯力", 135.07, 48.48),
    "vladivostok": ("Vladivostok", "Владивосток", "海参崴", 131.9, 43.1),
    "ghulja": ("Ghulja", "Кульджа", "伊宁", 81.3, 43.9),
    "beijing": ("Beijing", "Пекин", "北京", 116.4, 39.9),
    "urga": ("Urga", "Урга", "库伦", 106.9, 47.9),
    "blagoveshchensk": ("Blagoveshchensk", "Благовещенск", "海兰泡", 127.53, 50.28),
    "yakutsk": ("Yakutsk", "Якутск", "雅库茨克", 129.7, 62.03),
    "tobolsk": ("Tobolsk", "Тобольск", "托博尔斯克", 68.25, 58.2),
    "kashgar": ("Kashgar", "Кашгар", "喀什", 75.99, 39.47),
    "chuguchak": ("Chuguchak", "Чугучак", "塔城", 82.98, 46.75),
    "qiqihar": ("Qiqihar", "Цицикар", "齐齐哈尔", 123.9, 47.35),
}


def _names(en: str, ru: str, zh: str) -> dict[str, str]:
    return {"en": en, "ru": ru, "zh": zh}


def _densify(coords: list[tuple[float, float]], step: float = 0.35) -> LineString:
    """Give a coarse line small wiggles, so that there is something to simplify; ends stay."""
    line = shapely.segmentize(LineString(coords), step)
    points = shapely.get_coordinates(line)
    corner = {tuple(c) for c in coords}
    free = np.array([tuple(p) not in corner for p in points])
    phase = points[:, 0] * 7.3 + points[:, 1] * 11.1
    points[free] += 0.03 * np.column_stack([np.sin(phase), np.cos(phase * 1.7)])[free]
    return LineString(points)


def _linework() -> tuple[list[str], list[LineString]]:
    names = ["window", "coast", "coast", "coast", *LINES]
    shapes = [
        LineString(WINDOW),
        _densify(COAST),
        _densify(SAKHALIN),
        LineString(ISLET),
        *map(_densify, LINES.values()),
    ]
    return names, shapes


def _arc(index: int, parents: list[str], line: LineString, sides: tuple[str | None, str | None]) -> Arc:
    kind = "window" if parents == ["window"] else "coast" if "coast" in parents else "line"
    segments = tuple(p for p in parents if p in SEGMENTS)
    if kind == "line" and not segments:
        kind = "reference"
    return Arc(f"a{index:03d}", sides[0], sides[1], kind, segments, round(line.length * 90, 2), 1.0)


def _instruments() -> dict[str, Instrument]:
    return {
        key: Instrument(
            id=key,
            names=_names(en, ru, zh),
            kind="treaty",
            date=day,
            status="in force",
            signed=day.isoformat(),
            articles=(Article("1", "Sets the line."),),
        )
        for key, (en, ru, zh, day) in TITLES.items()
    }


def _holders() -> dict[str, Holder]:
    qing = Era(FIRST, _names("Qing Empire", "Империя Цин", "清朝"))
    china = (
        qing,
        Era(date(1912, 1, 1), _names("Republic of China", "Китайская Республика", "中华民国")),
        Era(date(1949, 10, 1), _names("PRC", "КНР", "中华人民共和国")),
    )
    russia = (
        Era(FIRST, _names("Russia", "Россия", "俄国")),
        Era(date(1922, 12, 30), _names("USSR", "СССР", "苏联")),
        Era(USSR_END, _names("Russian Federation", "Российская Федерация", "俄罗斯联邦")),
    )
    return {
        "russia": Holder("russia", _names("Russia", "Россия", "俄国"), "#88ccee", russia),
        "china": Holder("china", _names("China", "Китай", "中国"), "#ddcc77", china),
        "third:kazakhs": Holder("third:kazakhs", _names("Kazakhs", "Казахи", "哈萨克"), "#aa4499"),
        "third:mongolia": Holder("third:mongolia", _names("Mongolia", "Монголия", "蒙古"), "#117733"),
    }


def _tenures() -> tuple[Tenure, ...]:
    rows = []
    for territory, history in HISTORY.items():
        ends = [row[0] for row in history[1:]] + [None]
        for (start, holder, status, instrument), end in zip(history, ends, strict=True):
            for basis in Basis:
                article = "1" if instrument else None
                rows.append(Tenure(territory, holder, status, basis, start, end, instrument, article))
    return tuple(rows)


def _segments() -> dict[str, Segment]:
    return {
        key: Segment(key, inst, art, Rule.RIVER, stage, sigma, "start", "end", key, since, until)
        for key, (inst, art, stage, sigma, since, until) in SEGMENTS.items()
    }


def _backdrop() -> list[dict[str, Any]]:
    lake = {
        "type": "Polygon",
        "coordinates": [
            [(103.7, 51.5), (105.5, 51.6), (108.5, 53), (109.9, 55.7), (109, 55), (106, 52.8), (103.7, 51.5)]
        ],
    }
    rivers = {"Amur": ["upper-amur", "middle-amur", "lower-amur"], "Argun": ["argun"]}
    features = [
        {
            "properties": {"kind": "lake", "name_en": "Baikal", "name_ru": "Байкал", "name_zh": "贝加尔湖"},
            "geometry": lake,
        }
    ]
    for name, parts in rivers.items():
        line = {
            "type": "MultiLineString",
            "coordinates": [[tuple(p) for p in _densify(LINES[part]).coords] for part in parts],
        }
        features.append(
            {
                "properties": {"kind": "river", "name_en": name, "name_ru": name, "name_zh": name},
                "geometry": line,
            }
        )
    return features


def toy(**meta: Any) -> SpaceTimeComposite:
    """Build the composite; ``meta`` overrides fields of its description."""
    names, shapes = _linework()
    part = build_partition(shapes)
    sea = Point(142, 44)
    land = [i for i, face in enumerate(part.faces) if not face.covers(sea)]
    ids = {i: f"f{i:03d}" for i in land}
    owner = {
        i: next((t for t, row in LABELS.items() if part.faces[i].covers(Point(row[:2]))), None) for i in land
    }
    faces = tuple(Face(ids[i], owner[i], round(polygon_area_km2(part.faces[i]), 2)) for i in land)
    lines = [LineString(a) for a in part.arcs]
    arcs = [
        _arc(
            n,
            sorted({names[p] for p in part.parents[n]}),
            line,
            (ids.get(int(part.left[n])), ids.get(int(part.right[n]))),
        )
        for n, line in enumerate(lines)
    ]
    arcs = [a for a in arcs if a.left or a.right]
    areas: dict[str, float] = {}
    for face in faces:
        if face.territory:
            areas[face.territory] = round(areas.get(face.territory, 0) + face.area_km2, 2)
    described = DatasetMeta(
        name="toy",
        title="Toy frontier",
        version="0.0",
        hash="0123456789abcdef",
        first_date=FIRST,
        as_of=AS_OF,
        licence="MIT",
        attribution="© OpenStreetMap contributors, ODbL; Natural Earth",
        citation="marchland toy, 2026",
    )
    return SpaceTimeComposite(
        meta=replace(described, **meta),
        holders=_holders(),
        territories={t: Territory(t, _names(*row[2:]), row[:2], areas[t]) for t, row in LABELS.items()},
        instruments=_instruments(),
        segments=_segments(),
        places={
            k: Place(k, _names(*row[:3]), row[3], row[4], 2.0, rank=1 if n < 8 else 2)
            for n, (k, row) in enumerate(PLACES.items())
        },
        tenures=_tenures(),
        faces=faces,
        arcs=tuple(arcs),
        covariance={},
        load_faces=lambda: {ids[i]: part.faces[i] for i in land},
        load_arcs=lambda: {f"a{n:03d}": line for n, line in enumerate(lines)},
        load_backdrop=_backdrop,
    )

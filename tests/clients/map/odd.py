"""Requests that nobody meant, drawn at random: boxes, filters, addresses of tiles, downloads and bodies."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

LAYERS = (
    "trees",
    "roads",
    "communes",
    "sovereignty",
    "parcels",
    "nothing",
    "",
    "%00",
    "..",
    "trees,trees",
    "a" * 3_000,
)
NUMBERS = (
    "0",
    "-1",
    "1",
    "180",
    "-180",
    "90",
    "108.2",
    "16",
    "1e308",
    "-1e308",
    "1e-320",
    "NaN",
    "inf",
    "-inf",
    "",
    " ",
    "0x10",
    "１",
    "9" * 400,
    "1,",
    "½",
)
SYSTEMS = (
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
    "EPSG:5899",
    "EPSG:3857",
    "EPSG:999999999999",
    "[EPSG:32648]",
    "urn:ogc:def:crs:EPSG::32650",
    "CRS84",
    "",
    "\0",
    "EPSG:0",
)
TIMES = (
    "",
    "..",
    "../..",
    "/",
    "2026-02-30",
    "2026-11-20",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "-9999-01-01",
    "2026-11-20T00:00:00+99:99",
    "2026-01-01/2025-01-01",
    "now",
    "2026-11-20T00:00:00Z/" * 50,
    "1e9",
)
ATOMS = (
    "species",
    "height_m",
    "geometry",
    "name",
    "'x'",
    "''",
    "'" + "é" * 300 + "'",
    "1",
    "-1",
    "1e999",
    "0/0",
    "NULL",
    "TRUE",
    "true",
    "nothing",
    '"height_m"',
    "POINT(1 2)",
    "POINT(1e400 2)",
    "POINT EMPTY",
    "POLYGON((0 0,1 1,0 1,1 0,0 0))",
    "POLYGON((0 0))",
    "LINESTRING(108 16)",
    "BBOX(1,2,3)",
    "BBOX(180,90,-180,-90)",
    "GEOMETRYCOLLECTION()",
    "TIMESTAMP('2026-13-01T00:00:00Z')",
    "DATE('2026-02-30')",
    "INTERVAL('..','..')",
    "INTERVAL(1,2)",
    "()",
    "('a',1)",
    "upper(species)",
    "lower(lower(1))",
    "nothing(1)",
)
SIGNS = (
    "=",
    "<>",
    "<",
    ">",
    ">=",
    "<=",
    "LIKE",
    "NOT LIKE",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "div",
    "AND",
    "OR",
    "IN",
    "BETWEEN",
    "IS",
    ";",
    "--",
    "'",
    "\0",
    "§",
)
CALLS = ("S_INTERSECTS", "S_WITHIN", "S_TOUCHES", "T_AFTER", "T_MEETS", "A_CONTAINS", "CASEI", "ACCENTI", "NOT", "")
FORMATS = ("geojson", "gpkg", "shapefile", "flatgeobuf", "csv", "kml", "gpx", "zip", "", "GEOJSON", "../gpkg")
SHAPES = ("Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Circle", "", None, 1)


def text(draw: random.Random, depth: int = 0) -> str:
    """A filter in CQL2 text, seldom a good one."""
    kind = draw.random()
    if depth > 4 or kind < 0.3:
        return draw.choice(ATOMS)
    if kind < 0.7:
        return f"{text(draw, depth + 1)} {draw.choice(SIGNS)} {text(draw, depth + 1)}"
    if kind < 0.9:
        return f"{draw.choice(CALLS)}({', '.join(text(draw, depth + 1) for _ in range(draw.randrange(4)))})"
    return draw.choice(
        (
            "(" * draw.choice((3, 500)),
            "NOT " * 400,
            "species = 'a' OR " * 300,
            "'",
            text(draw, depth + 1)[: draw.randrange(1, 40)],
        )
    )


def tree(draw: random.Random, depth: int = 0) -> object:
    """A filter in CQL2 JSON, or anything else that is JSON."""
    leaves = (
        {"property": "species"},
        {"property": "geometry"},
        {"property": 1},
        {"bbox": [1, 2, 3]},
        {"date": "x"},
        {"interval": []},
        "x",
        1,
        -1.5e308,
        None,
        True,
        [],
        {},
        {"type": "Point", "coordinates": [1]},
        {"type": "Polygon", "coordinates": [[[0, 0]]]},
        {"op": "and"},
        {"args": []},
    )
    if depth > 5 or draw.random() < 0.25:
        return draw.choice(leaves)
    name = draw.choice(
        (
            "and",
            "or",
            "not",
            "=",
            "<",
            "like",
            "between",
            "in",
            "isNull",
            "s_intersects",
            "t_after",
            "a_overlaps",
            "+",
            "casei",
            "",
            1,
            "x" * 500,
        )
    )
    return {"op": name, "args": [tree(draw, depth + 1) for _ in range(draw.randrange(4))]}


def box(draw: random.Random) -> str:
    return ",".join(draw.choice(NUMBERS) for _ in range(draw.choice((4, 4, 4, 6, 6, 0, 1, 3, 5, 200))))


def query(draw: random.Random) -> str:
    """Some parameters of items or of a download, each of which may be wrong."""
    in_json = draw.random() < 0.4
    parts = {
        "bbox": lambda: box(draw),
        "bbox-crs": lambda: draw.choice(SYSTEMS),
        "crs": lambda: draw.choice(SYSTEMS),
        "datetime": lambda: draw.choice(TIMES),
        "limit": lambda: draw.choice(NUMBERS),
        "after": lambda: draw.choice(NUMBERS),
        "filter-crs": lambda: draw.choice(SYSTEMS),
        "f": lambda: draw.choice(("json", "html", "xml", "")),
        "filter": lambda: json.dumps(tree(draw)) if in_json else text(draw),
        "lang": lambda: draw.choice(("vi", "en", "xx", "")),
        "species": lambda: draw.choice(ATOMS),
    }
    chosen = draw.sample(sorted(parts), draw.randrange(1, 4))
    said = [f"{name}={quote(parts[name](), safe='')}" for name in chosen]
    return "&".join(said + (["filter-lang=cql2-json"] if in_json and "filter" in chosen else []))


def geometry(draw: random.Random) -> object:
    kind = draw.choice(SHAPES)
    deep = draw.choice((1, 2, 3, 4, 60))
    numbers = [
        draw.choice((108.2, 16.0, 1e308, -1e308, 0, 181, -91, None, "x"))
        for _ in range(draw.choice((0, 1, 2, 2, 3, 900)))
    ]
    for _ in range(deep - 1):
        numbers = [numbers] * draw.choice((1, 1, 2, 4)) if deep < 10 else [numbers]
    return draw.choice(
        (
            None,
            1,
            "POINT(1 2)",
            {"type": kind},
            {"type": kind, "coordinates": numbers},
            {"type": kind, "coordinates": numbers},
            {"type": "GeometryCollection", "geometries": [{"type": kind, "coordinates": numbers}] * 3},
        )
    )


def request(draw: random.Random) -> tuple[str, str, dict]:
    """Method, path with its query, and what else is sent."""
    layer, kind = draw.choice(LAYERS), draw.random()
    if kind < 0.4:
        return "GET", f"/ogc/collections/{layer}/items?{query(draw)}", {}
    if kind < 0.6:
        z, x, y = (draw.choice((*NUMBERS, "16", "14", "52488", "4294967296", "0.mvt", "1.pbf", "y")) for _ in range(3))
        more = draw.choice(("", f"?at={quote(draw.choice(TIMES))}", "?at=2026-11-20&at=2026-11-21"))
        grid = draw.choice(
            (
                f"/tiles/{layer}",
                f"/ogc/collections/{layer}/tiles/{draw.choice(('WebMercatorQuad', 'VN2000Quad5899', 'x'))}",
            )
        )
        return "GET", f"{grid}/{quote(z, safe='')}/{quote(x, safe='')}/{quote(y, safe='')}{more}", {}
    if kind < 0.75:
        more = query(draw).replace("datetime=", "at=")
        return "GET", f"/api/v1/layers/{layer}/download?format={draw.choice(FORMATS)}&{more}", {}
    if kind < 0.85:
        path = draw.choice(
            (
                f"/ogc/collections/{layer}",
                f"/ogc/collections/{layer}/items/{quote(draw.choice(NUMBERS), safe='')}",
                f"/ogc/collections/{layer}/queryables",
                f"/tiles/{layer}",
                "/styles/day.json",
                "/ogc/tileMatrixSets/x",
                "/ogc/conformance",
                "/basemap.pmtiles",
                "/sprites/map@3x.png",
            )
        )
        headers = {
            "Accept": draw.choice(("*/*", "text/html", "application/xml", ";;q=x")),
            "Range": draw.choice(("bytes=0-", "bytes=-0", "bytes=9999999999999999999-", "x")),
        }
        return draw.choice(("GET", "HEAD", "OPTIONS")), f"{path}?{query(draw)}", {"headers": headers}
    body = {
        "type": draw.choice(("Feature", "FeatureCollection", None)),
        "geometry": geometry(draw),
        "properties": draw.choice(
            (None, 1, {}, {"species": ["a"]}, {"species": "other", "commune": "20242", "code": "H"}, {"x" * 5_000: 1})
        ),
    }
    raw = draw.choice((json.dumps(body), json.dumps(body), json.dumps(body)[:-3], "[" * 20_000, "", "\xff"))
    method, path = draw.choice(
        (
            ("POST", "items"),
            ("PUT", "items/1"),
            ("PATCH", "items/1"),
            ("PUT", f"items/{quote(draw.choice(NUMBERS), safe='')}"),
        )
    )
    headers = {
        "Content-Type": draw.choice(
            ("application/geo+json", "application/geo+json", "application/merge-patch+json", "text/plain")
        ),
        "Content-Crs": draw.choice(SYSTEMS).replace("\0", ""),
        "If-Match": draw.choice(('"0.0"', '"99.99"', "W/", '"')),
    }
    return method, f"/ogc/collections/{layer}/{path}", {"data": raw.encode("utf-8", "replace"), "headers": headers}

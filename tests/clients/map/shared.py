"""What the checks of the map share: the map as its clients see it, simulated layers of a size, the grid of tiles."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))  # what the scripts of all clients share

import city
from checks import Checks
from city import Caller

__all__ = ["Caller", "Checks", "city"]

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
VN2000 = "http://www.opengis.net/def/crs/EPSG/0/5899"
GEOJSON = "application/geo+json"

# Officers of two communes, and someone who reads everything.
HAI_CHAU, AN_HAI, ALL = "Phạm Minh Anh", "Võ Thị Thu Hà", "Phan Đức Long"
# What is made anew by these checks: points that everyone reads, and polygons that belong to two communes.
POINTS, POLYGONS = "street-lights", "parcels"
POINTS_MADE, POLYGONS_MADE = 20_000, 4_000
COMMUNES = ("20242", "20275")
# Radius of the sphere of EPSG:3857, metres.
SPHERE_M = 6_378_137.0


@cache
def person(name: str) -> Caller:
    return city.person(name)


def url(path: str, /, **query: object) -> str:
    return path + (f"?{urlencode(query)}" if query else "")


def items(who: Caller, layer: str, /, **query: object) -> list[dict]:
    """All features, by the links from page to page."""
    found, path = [], url(f"/ogc/collections/{layer}/items", **{"limit": 10_000, **query})
    while path:
        page = who.get(path)
        found += page["features"]
        path = next((link["href"].removeprefix(city.URL) for link in page["links"] if link["rel"] == "next"), None)
    return found


def count(who: Caller, layer: str, /, **query: object) -> int:
    return who.get(url(f"/ogc/collections/{layer}/items", limit=1, **query))["numberMatched"]


def collections(who: Caller) -> list[dict]:
    return who.get("/ogc/collections")["collections"]


def songhan(*arguments: str) -> str:
    """A command beside the running server; what it says on standard output."""
    command = [os.environ["SONGHAN_BIN"], *arguments, "--data", os.environ["SONGHAN_DATA"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


# ── layers of a size, simulated ──


def make_layers() -> None:
    """Puts made layers in the place of those of the folder, if they do not stand there yet."""
    for layer, wanted, make in ((POINTS, POINTS_MADE, made_point), (POLYGONS, POLYGONS_MADE, made_polygon)):
        if count(person(ALL), layer) == wanted:
            continue
        draw = random.Random(20_261_123)
        made = {"type": "FeatureCollection", "features": [make(draw, at) for at in range(wanted)]}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{layer}.geojson"
            path.write_text(json.dumps(made), encoding="utf-8")
            songhan("import", "layer", layer, str(path), "--reason", "kiểm thử")


def made_point(draw: random.Random, at: int) -> dict:
    place = {
        "type": "Point",
        "coordinates": [round(draw.uniform(108.1, 108.3), 6), round(draw.uniform(15.95, 16.15), 6)],
    }
    properties = {"code": f"MP-{at:05}", "power_w": draw.choice([40, 80, 120, 150]), "commune": COMMUNES[at % 2]}
    return {"type": "Feature", "geometry": place, "properties": properties}


def made_polygon(draw: random.Random, at: int) -> dict:
    """Plots side by side, each with a corner of its own; one in ten has a hole."""
    x, y = 108.21 + at % 80 * 0.0003, 16.04 + at // 80 * 0.0003
    wide, high = draw.uniform(0.0001, 0.00029), draw.uniform(0.0001, 0.00029)
    corner = [x + wide * draw.uniform(0.5, 1), y + high * draw.uniform(0.5, 1)]
    rings = [[[x, y], [x + wide, y], corner, [x, y + high], [x, y]]]
    if at % 10 == 0:
        w, h = wide / 5, high / 5
        rings.append([[x + w, y + h], [x + w, y + 2 * h], [x + 2 * w, y + 2 * h], [x + 2 * w, y + h], [x + w, y + h]])
    rings = [[[round(a, 7), round(b, 7)] for a, b in ring] for ring in rings]
    properties = {
        "sheet": str(at // 80),
        "parcel": str(at % 80),
        "use": "ODT",
        "area_m2": round(draw.uniform(50, 900), 1),
    }
    place = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "geometry": place, "properties": properties | {"commune": COMMUNES[at % 2]}}


# ── the grid of tiles ──


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile in which a place lies."""
    side = 2**z
    x, y = (lon + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return min(int(x * side), side - 1), min(int(y * side), side - 1)


def lonlat(z: int, x: int, y: int, across: float, down: float) -> tuple[float, float]:
    """The place at parts of a tile's width from its west and north."""
    side = 2**z
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + down) / side))))
    return (x + across) / side * 360 - 180, lat


def places(geometry: dict) -> list[list[float]]:
    """All positions of a GeoJSON geometry."""
    if geometry["type"] == "GeometryCollection":
        return [place for part in geometry["geometries"] for place in places(part)]
    found = [geometry["coordinates"]]
    while found and isinstance(found[0][0], list):
        found = [part for one in found for part in one]
    return found

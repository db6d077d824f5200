"""Tiles of every layer at several zooms, decoded by mapbox-vector-tile: all polygons are valid by shapely (GEOS), and
what stands in them is what the features say.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import mapbox_vector_tile
from shapely import STRtree
from shapely.geometry import box, shape
from shared import (
    AN_HAI,
    ALL,
    Caller,
    Checks,
    HAI_CHAU,
    POLYGONS,
    city,
    collections,
    items,
    lonlat,
    make_layers,
    person,
    places,
    tile_at,
)

# Tiles looked at of each layer at each zoom.
TILES_MAX = 12
BYTES_MAX, BUDGET_ZOOM = 500_000, 10
EXTENT = 4096


def decoded(answer: object) -> dict:
    """The layers of a tile; nothing lies there where it is empty. Rows count from the north."""
    if answer.status_code == 204:
        return {}
    if not answer.ok:
        raise city.Refused(answer)
    return mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True, "geojson": True})


def tile(who: Caller, layers: str, z: int, x: int, y: int, more: str = "") -> dict:
    return decoded(who.answer("GET", f"/tiles/{layers}/{z}/{x}/{y}{more}"))


def placed(who: Caller, layer: str) -> list[dict]:
    """The features that have a place."""
    return [one for one in items(who, layer) if one["geometry"]]


def addresses(found: list[dict], z: int) -> list[tuple[int, int]]:
    """Tiles in which something lies, those with most first, then some of the others."""
    held = Counter(tile_at(*places(one["geometry"])[0][:2], z) for one in found)
    ranked = [at for at, _ in held.most_common()]
    return (
        ranked[: TILES_MAX // 2] + ranked[TILES_MAX // 2 :: max(1, len(ranked) // (TILES_MAX // 2))][: TILES_MAX // 2]
    )


def check_layer(checks: Checks, who: Caller, layer: str) -> None:
    told = who.get(f"/tiles/{layer}")
    found = placed(who, layer)
    by_id, seek = {one["id"]: one for one in found}, Seek(found)
    polygons, invalid, foreign, different, far, unseen, heavy = 0, [], [], [], [], [], []
    zooms = sorted({told["minzoom"], (told["minzoom"] + 15) // 2, 13, 14, 15, 16})
    for z in [zoom for zoom in zooms if told["minzoom"] <= zoom <= told["maxzoom"]]:
        for x, y in addresses(found, z):
            answer = who.answer("GET", f"/tiles/{layer}/{z}/{x}/{y}")
            held = decoded(answer).get(layer, {"features": [], "extent": EXTENT})
            if z <= BUDGET_ZOOM and len(answer.content) > BYTES_MAX:
                heavy.append(f"{z}/{x}/{y}: {len(answer.content)}")
            whole = "tile-thinned" not in answer.headers
            for feature in held["features"]:
                at, known = f"{z}/{x}/{y} {feature['id']}", by_id.get(feature["id"])
                drawn = shape(feature["geometry"])
                polygons += drawn.geom_type in ("Polygon", "MultiPolygon")
                if drawn.is_empty or not drawn.is_valid:
                    invalid.append(at)
                if known is None:
                    foreign.append(at)
                    continue
                said = {name: value for name, value in known["properties"].items() if value is not None}
                if feature["properties"] != said:
                    different.append(f"{at}: {feature['properties']}, not {said}")
                if known["geometry"]["type"] == "Point" and apart(z, x, y, feature, known) > 1:
                    far.append(at)
            if z == told["maxzoom"] and whole:
                seen = {feature["id"] for feature in held["features"]}
                unseen += [f"{z}/{x}/{y} {one}" for one in seek.inside(z, x, y) - seen]
    for name, wrong in (
        ("are valid", invalid),
        ("are features of the layer", foreign),
        ("have its attributes", different),
        ("lie where the features lie", far),
        ("lack none", unseen),
        ("weigh no more than they may", heavy),
    ):
        checks.that(f"tiles of {layer} {name}", not wrong, f"{len(wrong)}: {wrong[:3]}")
    if found and found[0]["geometry"]["type"].endswith("Polygon"):
        checks.that(f"tiles of {layer} hold polygons", polygons > 0, polygons)
    check_tilejson(checks, who, layer, told, found)


def apart(z: int, x: int, y: int, feature: dict, known: dict) -> float:
    """How far a point lies from its feature, in units of the tile."""
    column, row = feature["geometry"]["coordinates"]
    lon, lat = lonlat(z, x, y, column / EXTENT, row / EXTENT)
    west, north = lonlat(z, x, y, 0, 0)
    east, south = lonlat(z, x, y, 1, 1)
    other = known["geometry"]["coordinates"]
    return max(abs(lon - other[0]) / (east - west), abs(lat - other[1]) / (north - south)) * EXTENT


class Seek:
    """Finds features by place."""

    def __init__(self, found: list[dict]) -> None:
        self.numbers, self.shapes = [one["id"] for one in found], [shape(one["geometry"]) for one in found]
        self.tree = STRtree(self.shapes)

    def inside(self, z: int, x: int, y: int) -> set[int]:
        """What must be seen in a tile: points in it, lines and areas that reach well into it and are no speck."""
        (west, north), (east, south) = lonlat(z, x, y, 0, 0), lonlat(z, x, y, 1, 1)
        margin = (east - west) / 100
        there = self.tree.query(
            box(west + margin, south + margin, east - margin, north - margin), predicate="intersects"
        )
        wide = lambda one: max(one.bounds[2] - one.bounds[0], one.bounds[3] - one.bounds[1])
        return {
            self.numbers[at] for at in there if self.shapes[at].geom_type == "Point" or wide(self.shapes[at]) > margin
        }


def check_tilejson(checks: Checks, who: Caller, layer: str, told: dict, found: list[dict]) -> None:
    schema = who.get(f"/ogc/collections/{layer}/queryables")["properties"]
    names = {name for name, one in schema.items() if "type" in one}
    vector = told["vector_layers"]
    good = told["tilejson"].startswith("3.") and len(vector) == 1 and vector[0]["id"] == layer
    checks.that(
        f"TileJSON of {layer} names its layer and attributes", good and set(vector[0]["fields"]) == names, vector
    )
    address = told["tiles"][0]
    good = address.startswith(city.URL) and all(f"{{{part}}}" in address for part in "zxy")
    checks.that(f"TileJSON of {layer} says where tiles are", good, address)
    if "bounds" in told and found:
        west, south, east, north = told["bounds"]
        outside = [
            one["id"]
            for one in found
            for place in places(one["geometry"])
            if not (west - 1e-6 <= place[0] <= east + 1e-6 and south - 1e-6 <= place[1] <= north + 1e-6)
        ]
        checks.that(f"TileJSON of {layer} bounds its features", not outside, outside[:3])
    if told["minzoom"] > 0:
        z = told["minzoom"] - 1
        x, y = tile_at(108.22, 16.06, z)
        checks.same(f"above its zooms {layer} has no tiles", tile(who, layer, z, x, y), {})


# ── rights, caching, changes ──


def check_rights(checks: Checks) -> None:
    z, nobody = 16, Caller()
    held = {who: placed(person(who), POLYGONS) for who in (HAI_CHAU, AN_HAI, ALL)}
    x, y = addresses(held[ALL], z)[0]
    seen = {
        who: {one["id"] for one in tile(person(who), POLYGONS, z, x, y).get(POLYGONS, {"features": []})["features"]}
        for who in held
    }
    own = all(seen[who] and seen[who] <= {one["id"] for one in held[who]} for who in held)
    checks.that(
        "each officer's tiles hold their commune alone",
        own and not seen[HAI_CHAU] & seen[AN_HAI],
        {k: len(v) for k, v in seen.items()},
    )
    checks.same("and together they are what an administrator sees", seen[HAI_CHAU] | seen[AN_HAI], seen[ALL])
    for path in (f"/tiles/{POLYGONS}/{z}/{x}/{y}", f"/tiles/trees,{POLYGONS}/{z}/{x}/{y}", f"/tiles/{POLYGONS}"):
        checks.same(f"nobody sees {path.split('/')[2]} without signing in", nobody.answer("GET", path).status_code, 404)
    kept = person(HAI_CHAU).answer("GET", f"/tiles/{POLYGONS}/{z}/{x}/{y}").headers["Cache-Control"]
    checks.that("no proxy keeps what is not everyone's", "private" in kept, kept)


def check_change(checks: Checks) -> None:
    nobody, officer = Caller(), person(HAI_CHAU)
    place = [108.2231, 16.0583]
    z = 16
    x, y = tile_at(*place, z)
    path = f"/tiles/trees/{z}/{x}/{y}"
    before = nobody.answer("GET", path)
    again = nobody.answer("GET", path, headers={"If-None-Match": before.headers["ETag"]})
    checks.same("a tile that is held is not sent again", (again.status_code, again.content), (304, b""))
    tree = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"code": "TILE-1", "species": "other", "commune": "20242"},
    }
    made = officer.answer(
        "POST", "/ogc/collections/trees/items", data=json.dumps(tree), headers={"Content-Type": "application/geo+json"}
    )
    checks.same("a tree is planted", made.status_code, 201)
    number = made.json().get("id")
    after = nobody.answer("GET", path, headers={"If-None-Match": before.headers["ETag"]})
    ids = (
        {one["id"] for one in decoded(after).get("trees", {"features": []})["features"]}
        if after.status_code == 200
        else set()
    )
    checks.that("it stands in the next tile", number in ids, (after.status_code, number))
    officer.answer("DELETE", f"/ogc/collections/trees/items/{number}")
    left = {one["id"] for one in tile(nobody, "trees", z, x, y).get("trees", {"features": []})["features"]}
    checks.that("and in none after it is felled", number not in left)
    checks.same("long ago there were no trees", tile(nobody, "trees", z, x, y, "?at=2020-01-01"), {})
    several = tile(nobody, "trees,roads", 14, *tile_at(108.22, 16.065, 14))
    checks.same("several layers stand in one tile", set(several), {"trees", "roads"})


def main() -> int:
    checks = Checks()
    make_layers()
    for collection in collections(person(ALL)):
        check_layer(checks, person(ALL), collection["id"])
    check_rights(checks)
    check_change(checks)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

"""OGC API – Tiles part 1 (20-057) by its abstract tests, and the grids of OGC 17-083r4: each check carries its
test's name.

Where a tile of the VN-2000 grid lies is judged by the features in that system.
"""

from __future__ import annotations

import sys

import mapbox_vector_tile
from ogc import Landing, link
from shapely.geometry import shape
from shared import ALL, POLYGONS, VN2000, Caller, Checks, city, person, places

CLASSES = {"core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"}
MVT = "application/vnd.mapbox-vector-tile"
VECTOR = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
WEB = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
# Metres of a pixel of OGC's screens.
PIXEL_M = 0.00028


def check_conformance(checks: Checks, api: Landing) -> None:
    told = api.json(link(api.root, "conformance"))["conformsTo"]
    claimed = {one.rsplit("/", 1)[1] for one in told if "ogcapi-tiles-1" in one}
    checks.same("/conf/core/conformance-success, /conf/tileset/conformance-success and of the others", claimed, CLASSES)


def check_grid(checks: Checks, grid: dict) -> None:
    """Each zoom halves the one before; all begin at one corner (2D Tile Matrix Set, /conf/tilematrixset)."""
    matrices, name = grid["tileMatrices"], grid["id"]
    ids = [one["id"] for one in matrices]
    checks.same(f"/conf/json-tilematrixset: {name} has its zooms in order", ids, [str(at) for at in range(len(ids))])
    wrong = []
    for at, one in enumerate(matrices):
        halves = abs(one["cellSize"] * 2**at / matrices[0]["cellSize"] - 1) < 1e-9
        scaled = abs(one["scaleDenominator"] * PIXEL_M / one["cellSize"] - 1) < 1e-6
        wide = one["matrixWidth"] == one["matrixHeight"] == 2**at and one["tileWidth"] == one["tileHeight"]
        if not (halves and scaled and wide and one["pointOfOrigin"] == matrices[0]["pointOfOrigin"]):
            wrong.append(one["id"])
    checks.that(f"/conf/tilematrixset: {name} is a tree of four", not wrong, wrong)


def check_list(checks: Checks, api: Landing, collection: dict) -> list[dict]:
    name, address = collection["id"], link(collection, VECTOR)
    checks.same(f"/conf/geodata-tilesets/desc-links: {name}", address, f"{city.URL}/ogc/collections/{name}/tiles")
    answer = api.ask(address)
    checks.same(
        f"/conf/tilesets-list/tileset-links: {name}",
        (answer.status_code, answer.headers["Content-Type"]),
        (200, "application/json"),
    )
    sets = answer.json()["tilesets"]
    whole = [
        one
        for one in sets
        if one["dataType"] == "vector"
        and one["crs"]
        and link(one, "self").startswith(address + "/")
        and link(one, SCHEME)
    ]
    checks.that(
        f"/conf/tilesets-list/tileset-links: {name} says what its tiles are", len(whole) == len(sets) >= 2, sets
    )
    return sets


def check_set(checks: Checks, api: Landing, name: str, listed: dict, found: list[dict]) -> None:
    tileset = api.json(link(listed, "self"))
    grid = api.json(link(tileset, SCHEME))
    known = f"{name} on {grid['id']}"
    same = all(tileset[key] == listed[key] for key in ("title", "dataType", "crs")) and tileset["crs"] == grid["crs"]
    checks.that(
        f"/conf/tileset/description: {known}",
        same and tileset.get("tileMatrixSetURI") == (WEB if grid["id"] == "WebMercatorQuad" else None),
        tileset,
    )
    template = next(one for one in tileset["links"] if one["rel"] == "item")
    good = template["templated"] is True and template["type"] == MVT
    parts = all(part in template["href"] for part in ("{tileMatrix}", "{tileRow}", "{tileCol}"))
    checks.that(f"/conf/tileset/description: {known} has a template", good and parts, template)
    layer = tileset["layers"][0]
    checks.that(
        f"/conf/tileset/description: {known} names its layer",
        layer["id"] == name and int(layer["minTileMatrix"]) <= int(layer["maxTileMatrix"]),
        layer,
    )
    check_tiles(checks, api, known, name, template["href"], grid, layer, found)


def filled(template: str, z: object, row: object, column: object) -> str:
    return template.replace("{tileMatrix}", str(z)).replace("{tileRow}", str(row)).replace("{tileCol}", str(column))


def check_tiles(
    checks: Checks, api: Landing, known: str, name: str, template: str, grid: dict, layer: dict, found: list[dict]
) -> None:
    """The first features, each in the tile where its place lies, at the first and the last zoom."""
    missing, wrong, z = [], [], 0
    for matrix in (layer["minTileMatrix"], layer["maxTileMatrix"]):
        z = int(matrix)
        span = grid["tileMatrices"][z]["cellSize"] * grid["tileMatrices"][z]["tileWidth"]
        west, north = grid["tileMatrices"][z]["pointOfOrigin"]
        for one in found[:5]:
            x, y = places(one["geometry"])[0]
            column, row = int((x - west) // span), int((north - y) // span)
            answer = api.ask(filled(template, z, row, column), accept=MVT)
            if (answer.status_code, answer.headers.get("Content-Type")) != (200, MVT):
                wrong.append(f"{z}/{row}/{column} {answer.status_code}")
                continue
            held = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True}).get(
                name, {"features": []}
            )
            seen = {feature["id"]: feature for feature in held["features"]}
            if not all(shape(feature["geometry"]).is_valid for feature in held["features"]):
                wrong.append(f"{z}/{row}/{column} holds what is not valid")
            drawn = seen.get(one["id"])
            # What is less than a unit wide is not drawn; a point is.
            if drawn is None and one["geometry"]["type"] == "Point":
                missing.append(f"{z}/{row}/{column} {one['id']}")
            elif drawn and one["geometry"]["type"] == "Point":
                a, b = drawn["geometry"]["coordinates"]
                far = max(
                    abs(west + (column + a / held["extent"]) * span - x),
                    abs(north - (row + b / held["extent"]) * span - y),
                )
                missing += [f"{one['id']}: {far} m off"] * (far > span / held["extent"])
    checks.that(f"/conf/core/tc-op, /conf/core/tc-success, /conf/mvt/content: {known}", not wrong, wrong[:3])
    checks.that(f"/conf/core/tc-tilerow-definition, tc-tilecol-definition: {known}", not missing, missing[:3])
    side = grid["tileMatrices"][z]["matrixWidth"]
    refused = [
        api.ask(filled(template, *at)).status_code
        for at in ((z, side, 0), (z, 0, side), (99, 0, 0), (z, -1, 0), ("x", 0, 0), (z, "a", "b"))
    ]
    checks.that(f"/conf/core/tc-error: {known} beyond its grid", set(refused) <= {400, 404}, refused)
    checks.same(f"/conf/core/tc-error: {known} where nothing lies", api.ask(filled(template, z, 0, 0)).status_code, 204)


def main() -> int:
    checks, api = Checks(), Landing(person(ALL))
    check_conformance(checks, api)
    listed = api.json(link(api.root, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"))["tileMatrixSets"]
    for one in listed:
        grid = api.json(link(one, "self"))
        checks.that(
            f"/conf/json-tilematrixset: {one['id']}", grid["id"] == one["id"] and grid["crs"] == one["crs"], one
        )
        check_grid(checks, grid)
    for collection in api.collections:
        name = collection["id"]
        for tileset in check_list(checks, api, collection):
            crs = tileset["crs"]
            page = api.json(f"/ogc/collections/{name}/items", crs=crs, limit=20)["features"]
            found = [one for one in page if one["geometry"]]
            check_set(checks, api, name, tileset, found)
    checks.that("tiles are served on the grid of VN-2000", any(one["crs"] == VN2000 for one in listed), listed)
    refused = [
        Caller().answer("GET", f"/ogc/collections/{POLYGONS}/tiles{more}").status_code
        for more in ("", "/WebMercatorQuad", "/WebMercatorQuad/16/0/0")
    ]
    checks.same("of a protected layer nobody learns", refused, [404] * 3)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

"""OWSLib, the Python client of OGC services, lists, reads, filters and changes the map's features."""

from __future__ import annotations

import json
import sys

from owslib.ogcapi.features import Features
from shared import AN_HAI, Caller, Checks, HAI_CHAU, POLYGONS, POLYGONS_MADE, city, count, items, make_layers, person

LANDING = f"{city.URL}/ogc"
BOX = [108.215, 16.055, 108.225, 16.07]


def client(who: Caller | None = None) -> Features:
    """OWSLib keeps one set of headers for all its clients: each of ours begins anew."""
    from owslib import ogcapi

    for name in [name for name in ogcapi.REQUEST_HEADERS if name != "User-Agent"]:
        del ogcapi.REQUEST_HEADERS[name]
    return Features(LANDING, headers={"Authorization": f"Bearer {who.token}"} if who else None)


def numbers(page: dict) -> set[int]:
    return {feature["id"] for feature in page["features"]}


def check_reading(checks: Checks) -> None:
    nobody, features = Caller(), client()
    checks.that("OWSLib reads the landing page", any(link["rel"] == "data" for link in features.links))
    api = features.api()
    checks.that(
        "OWSLib reads the API", api["openapi"].startswith("3.0") and "/collections" in api["paths"], api.get("openapi")
    )
    told = features.conformance()["conformsTo"]
    checks.that("OWSLib reads the conformance", any("ogcapi-features-1/1.0/conf/core" in one for one in told))
    listed = {one["id"] for one in nobody.get("/ogc/collections")["collections"]}
    checks.same("OWSLib lists the collections", set(features.feature_collections()), listed)
    one = features.collection("trees")
    checks.same("OWSLib shows a collection", one["id"], "trees")
    names = set(features.collection_queryables("trees")["properties"])
    checks.that("OWSLib shows queryables", {"species", "height_m", "geometry"} <= names, names)
    trees = [tree for tree in items(nobody, "trees") if tree["geometry"]]
    page = features.collection_items("trees", limit=7)
    checks.same("OWSLib reads a page", (len(page["features"]), page["numberMatched"]), (7, count(nobody, "trees")))
    west, south, east, north = BOX
    inside = {
        tree["id"]
        for tree in trees
        if west <= tree["geometry"]["coordinates"][0] <= east and south <= tree["geometry"]["coordinates"][1] <= north
    }
    checks.same(
        "OWSLib's bbox",
        {one["id"] for one in features.collection_items("trees", limit=5_000, bbox=BOX)["features"] if one["geometry"]},
        inside,
    )
    tall = {tree["id"] for tree in trees if (tree["properties"].get("height_m") or 0) > 8}
    checks.same(
        "OWSLib's filter in CQL2 text",
        numbers(features.collection_items("trees", limit=5_000, filter="height_m > 8")),
        tall,
    )
    written = json.dumps({"op": ">", "args": [{"property": "height_m"}, 8]})
    page = features.collection_items("trees", **{"limit": 5_000, "filter": written, "filter-lang": "cql2-json"})
    checks.same("OWSLib's filter in CQL2 JSON", numbers(page), tall)
    first = features.collection_item("trees", str(trees[0]["id"]))
    checks.same("OWSLib shows a feature", (first["id"], first["properties"]), (trees[0]["id"], trees[0]["properties"]))
    for name, wrong in (
        ("a parameter that is not known", {"colour": "red"}),
        ("a broken filter", {"filter": "height_m >"}),
    ):
        try:
            features.collection_items("trees", **wrong)
            checks.that(f"{name} is refused", False, "it was answered")
        except RuntimeError as error:
            checks.that(f"{name} is refused and said why", "400" in str(error) or "detail" in str(error), error)


def check_changing(checks: Checks) -> None:
    features = client(person(HAI_CHAU))
    tree = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [108.2209, 16.0679]},
        "properties": {"code": "OWS-1", "species": "other", "height_m": 3.5, "commune": "20242"},
    }
    mine = lambda: features.collection_items("trees", limit=10, code="OWS-1")["features"]
    features.collection_item_create("trees", tree)
    made = mine()
    checks.same("OWSLib creates a feature", [one["geometry"] for one in made], [tree["geometry"]])
    number = str(made[0]["id"]) if made else "0"
    tree["properties"]["height_m"] = 4.25
    features.collection_item_update("trees", number, json.dumps(tree))
    checks.same("OWSLib replaces it", [one["properties"]["height_m"] for one in mine()], [4.25])
    features.collection_item_delete("trees", number)
    checks.same("OWSLib deletes it", mine(), [])
    try:
        client().collection_item_create("trees", tree)
        checks.that("nobody creates without signing in", False, "it was created")
    except RuntimeError as error:
        checks.that("nobody creates without signing in", True, error)


def check_rights(checks: Checks) -> None:
    try:
        client().collection(POLYGONS)
        checks.that("OWSLib sees no protected layer as nobody", False, "it was shown")
    except RuntimeError:
        checks.that("OWSLib sees no protected layer as nobody", True)
    for who in (HAI_CHAU, AN_HAI):
        page = client(person(who)).collection_items(POLYGONS, limit=10_000)
        communes = {feature["properties"]["commune"] for feature in page["features"]}
        half = page["numberMatched"] == len(page["features"]) == POLYGONS_MADE // 2
        checks.that(
            f"OWSLib reads of a protected layer what is {who}'s",
            half and len(communes) == 1,
            (page["numberMatched"], communes),
        )


def main() -> int:
    checks = Checks()
    make_layers()
    check_reading(checks)
    check_changing(checks)
    check_rights(checks)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

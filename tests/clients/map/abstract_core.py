"""OGC API – Features part 1 (17-069r4) by its abstract tests: each check carries its test's name."""

from __future__ import annotations

import datetime
import sys

from ogc import Landing, Page, link, rels, typed
from openapi_spec_validator import OpenAPIV30SpecValidator
from shapely.geometry import box, shape
from shared import ALL, GEOJSON, Caller, Checks, city, items, person, places

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
NOW_S_MAX = 60
GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}


# ── landing page, API, conformance, collections ──


def check_roots(checks: Checks, api: Landing) -> None:
    for path in ("/ogc", "/ogc/"):
        answer = api.ask(path)
        checks.same(
            f"/conf/core/root-op: {path}",
            (answer.status_code, answer.headers["Content-Type"]),
            (200, "application/json"),
        )
    checks.that(
        "/conf/core/root-success",
        {"self", "alternate", "service-desc", "conformance", "data"} <= rels(api.root) and typed(api.root),
    )
    answer = api.ask(link(api.root, "service-desc"), accept="*/*")
    kind = "application/vnd.oai.openapi+json;version=3.0"
    checks.same("/conf/core/api-definition-op", (answer.status_code, answer.headers["Content-Type"]), (200, kind))
    problems = [error.message for error in OpenAPIV30SpecValidator(answer.json()).iter_errors()]
    checks.that("/conf/core/api-definition-success, /conf/oas30/oas-definition-2", not problems, problems[:3])
    told = api.json(link(api.root, "conformance"))["conformsTo"]
    checks.same("/conf/core/conformance-op", api.ask("/ogc/conformance").status_code, 200)
    wanted = {f"{CORE}/{one}" for one in ("core", "geojson", "html", "oas30")}
    checks.that(
        "/conf/core/conformance-success", wanted <= set(told) and len(told) == len(set(told)), wanted - set(told)
    )
    answer = api.who.session.get(f"{city.URL}/ogc", timeout=30)
    checks.same("/conf/core/http", answer.raw.version, 11)


def check_collections(checks: Checks, api: Landing) -> None:
    document = api.json(link(api.root, "data"))
    checks.same("/conf/core/fc-md-op", api.ask(link(api.root, "data")).status_code, 200)
    checks.that(
        "/conf/core/fc-md-success, /conf/core/fc-md-links", {"self", "alternate"} <= rels(document) and typed(document)
    )
    for collection in document["collections"]:
        name = collection["id"]
        encodings = {one["type"] for one in collection["links"] if one["rel"] == "items"}
        checks.that(
            f"/conf/core/fc-md-items-links: {name}",
            {GEOJSON, "text/html"} <= encodings and typed(collection),
            encodings,
        )
        one = api.json(link(collection, "self"))
        keys = ("id", "title", "description", "extent", "itemType")
        same = all(one.get(key) == collection.get(key) for key in keys) and all(
            part in one["links"] for part in collection["links"]
        )
        checks.that(f"/conf/core/sfc-md-op, /conf/core/sfc-md-success: {name}", same, one)
        found = items(api.who, name)
        spatial = collection.get("extent", {}).get("spatial")
        if spatial:
            west, south, east, north = spatial["bbox"][0]
            outside = [
                feature["id"]
                for feature in found
                if feature["geometry"]
                for x, y in places(feature["geometry"])
                if not (west - 1e-6 <= x <= east + 1e-6 and south - 1e-6 <= y <= north + 1e-6)
            ]
            checks.that(f"/conf/core/fc-md-extent: {name}", not outside, outside[:3])
        else:
            checks.that(f"/conf/core/fc-md-extent: {name} says where it lies", not found, "features and no extent")


# ── features ──


def check_features(checks: Checks, api: Landing, collection: dict) -> None:
    name, address = collection["id"], link(collection, "items", GEOJSON)
    answer = api.ask(address, accept=GEOJSON)
    checks.same(
        f"/conf/core/fc-op, /conf/geojson/definition: {name}",
        (answer.status_code, answer.headers["Content-Type"]),
        (200, GEOJSON),
    )
    page = answer.json()
    wrong = [fault for feature in page["features"] for fault in faults(feature)]
    checks.that(
        f"/conf/core/fc-response, /conf/geojson/content: {name}",
        page["type"] == "FeatureCollection" and not wrong,
        wrong[:3],
    )
    checks.that(f"/conf/core/fc-links: {name}", {"self", "alternate"} <= rels(page) and typed(page), page["links"])
    sent = datetime.datetime.fromisoformat(page["timeStamp"])
    late = abs((datetime.datetime.now(datetime.timezone.utc) - sent).total_seconds())
    checks.that(f"/conf/core/fc-timeStamp: {name}", late < NOW_S_MAX, page["timeStamp"])
    checks.same(f"/conf/core/fc-numberReturned: {name}", page["numberReturned"], len(page["features"]))
    whole = items(api.who, name)
    checks.same(f"/conf/core/fc-numberMatched: {name}", page["numberMatched"], len(whole))
    checks.same(
        f"/conf/core/fc-op: pages of {name} repeat nothing",
        len({one["id"] for one in items(api.who, name, limit=400)}),
        len(whole),
    )
    for limit in (1, 3, 10_000, 20_000):
        returned = len(api.json(address, limit=limit)["features"])
        checks.same(f"/conf/core/fc-limit-response: {name} limit={limit}", returned, min(limit, 10_000, len(whole)))
    if whole:
        check_one(checks, api, name, whole[0])
        check_bbox(checks, api, name, address, whole)
    check_refusals(checks, api, name, address)
    check_datetime(checks, api, name, address, len(whole))


def faults(feature: dict) -> list[str]:
    good = (
        feature.get("type") == "Feature"
        and isinstance(feature.get("properties"), dict)
        and isinstance(feature.get("id"), int | str)
        and "geometry" in feature
    )
    if not good:
        return [f"{feature.get('id')} is no GeoJSON feature"]
    if feature["geometry"] is None:
        return []
    if feature["geometry"].get("type") not in GEOMETRIES:
        return [f"{feature['id']} has no geometry of GeoJSON"]
    outside = any(not (-180 <= x <= 180 and -90 <= y <= 90) for x, y in places(feature["geometry"]))
    return [f"/conf/core/crs84: {feature['id']} lies beyond the globe"] if outside else []


def check_one(checks: Checks, api: Landing, name: str, known: dict) -> None:
    answer = api.ask(f"/ogc/collections/{name}/items/{known['id']}", accept=GEOJSON)
    feature = answer.json()
    checks.same(f"/conf/core/f-op: {name}", (answer.status_code, answer.headers["Content-Type"]), (200, GEOJSON))
    same = all(feature[key] == known[key] for key in ("id", "geometry", "properties"))
    checks.that(f"/conf/core/f-success, /conf/geojson/content: {name}", same and not faults(feature), feature)
    checks.that(
        f"/conf/core/f-links: {name}",
        {"self", "alternate", "collection"} <= rels(feature) and typed(feature),
        feature["links"],
    )
    checks.same(
        f"/conf/core/f-op: {name} has no feature that is none",
        api.ask(f"/ogc/collections/{name}/items/999999999").status_code,
        404,
    )


def check_bbox(checks: Checks, api: Landing, name: str, address: str, whole: list[dict]) -> None:
    """Around one feature, a bit beside it, six numbers, and all of it."""
    drawn = {one["id"]: shape(one["geometry"]) for one in whole if one["geometry"]}
    placeless = {one["id"] for one in whole if not one["geometry"]}
    west, south, east, north = next(iter(drawn.values())).bounds
    for frame in (
        [west - 0.002, south - 0.002, east + 0.002, north + 0.002],
        [west + 0.001, south + 0.001, east + 0.004, north + 0.004],
        [-180, -90, 180, 90],
    ):
        found = {one["id"] for one in items(api.who, name, bbox=",".join(map(repr, frame)))}
        wanted = {number for number, one in drawn.items() if one.intersects(box(*frame))} | placeless
        checks.same(f"/conf/core/fc-bbox-response: {name} {frame}", found, wanted)
    six = api.json(address, bbox=f"{west},{south},-10,{east},{north},10", limit=1)
    checks.that(
        f"/conf/core/fc-bbox-definition: {name} with heights", six["numberReturned"] == 1, six["numberReturned"]
    )
    both = api.json(address, bbox="108,15,109,17", datetime="2020-01-01T00:00:00Z")
    checks.same(f"/conf/core/fc-op: {name} bbox and datetime together", both["numberReturned"], 0)


def check_refusals(checks: Checks, api: Landing, name: str, address: str) -> None:
    wrong = [
        {"limit": 0},
        {"limit": -1},
        {"limit": "ten"},
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "1,5,2,4"},
        {"datetime": "yesterday"},
        {"datetime": "2026-01-02/2026-01-01"},
    ]
    told = [query for query in wrong if api.ask(address, **query).status_code != 400]
    checks.that(f"/conf/core/query-param-invalid: {name}", not told, told)
    unknown = [
        api.ask(one, not_a_parameter=1).status_code
        for one in (address, f"/ogc/collections/{name}", "/ogc", "/ogc/collections", "/ogc/conformance")
    ]
    checks.same(f"/conf/core/query-param-unknown: {name}", unknown, [400] * 5)


def check_datetime(checks: Checks, api: Landing, name: str, address: str, count: int) -> None:
    """Our layers are asked for as of a moment: an open end is now, what ended before the layer began is empty."""
    for moment in (
        "../..",
        "2020-01-01T00:00:00Z/..",
        "2020-01-01T00:00:00Z/",
        "2999-01-01T00:00:00Z",
        "/2999-01-01T00:00:00Z",
    ):
        page = api.json(address, datetime=moment, limit=1)
        checks.same(f"/conf/core/fc-time-response: {name} {moment}", page.get("numberMatched", count), count)
        checks.same(f"/conf/core/fc-time-definition: {name} {moment}", page["numberReturned"], min(1, count))
    for moment in ("2001-01-01T00:00:00Z", "../2001-01-01T00:00:00Z", "2000-01-01/2001-01-01"):
        checks.same(
            f"/conf/core/fc-time-response: {name} {moment}", api.json(address, datetime=moment)["numberReturned"], 0
        )


def check_html(checks: Checks, api: Landing) -> None:
    collection = "trees"
    first = items(api.who, collection)[0]["id"]
    for path in (
        "",
        "/conformance",
        "/collections",
        f"/collections/{collection}",
        f"/collections/{collection}/items",
        f"/collections/{collection}/items/{first}",
        f"/collections/{collection}/queryables",
    ):
        answer = api.ask(f"/ogc{path}", accept="text/html")
        kind = answer.headers["Content-Type"].split(";")[0]
        checks.same(f"/conf/html/definition: {path or '/'}", (answer.status_code, kind), (200, "text/html"))
        checks.that(f"/conf/html/content: {path or '/'}", Page(answer.text).whole, answer.text[:200])


def check_oas(checks: Checks, api: Landing) -> None:
    document = api.json(link(api.root, "service-desc"))
    named = {parameter["name"]: parameter for parameter in document["components"]["parameters"].values()}
    limit, frame, moment = (named[one] for one in ("limit", "bbox", "datetime"))
    checks.same(
        "/conf/core/fc-limit-definition",
        (limit["in"], limit["schema"]["type"], limit["explode"]),
        ("query", "integer", False),
    )
    checks.same(
        "/conf/core/fc-bbox-definition",
        (frame["schema"]["type"], frame["schema"]["items"]["type"], frame["explode"]),
        ("array", "number", False),
    )
    checks.same("/conf/core/fc-time-definition", (moment["in"], moment["schema"]["type"]), ("query", "string"))
    base = document["servers"][0]["url"].rstrip("/")
    base = base if base.startswith("http") else f"{city.URL}{base}"
    first = items(api.who, "trees")[0]["id"]
    for path, item in document["paths"].items():
        asked = path.replace("{collectionId}", "trees").replace("{featureId}", str(first))
        operation = item.get("get")
        if operation is None or "{" in asked:
            continue
        answer = api.ask(f"{base}{asked}", accept="*/*")
        told = operation["responses"].get(str(answer.status_code), {})
        if "$ref" in told:
            told = document["components"]["responses"][told["$ref"].rsplit("/", 1)[1]]
        kinds = {kind.split(";")[0] for kind in told.get("content", {})}
        good = answer.status_code == 200 and answer.headers.get("Content-Type", "").split(";")[0] in kinds
        checks.that(
            f"/conf/oas30/oas-impl, /conf/oas30/completeness: {path}",
            good,
            (answer.status_code, answer.headers.get("Content-Type"), kinds),
        )
        checks.that(
            f"/conf/oas30/exceptions-codes: {path}",
            {"200", "400"} <= set(operation["responses"]),
            list(operation["responses"]),
        )


def main() -> int:
    checks, visitor = Checks(), Landing(Caller())
    check_roots(checks, visitor)
    everyone = Landing(person(ALL))
    check_collections(checks, everyone)
    for collection in everyone.collections:
        check_features(checks, everyone, collection)
    check_html(checks, visitor)
    check_oas(checks, visitor)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

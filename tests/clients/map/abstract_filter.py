"""OGC API – Features part 3 (19-079r2) by its abstract tests: each check carries its test's name."""

from __future__ import annotations

import sys

import jsonschema
import pyproj
from ogc import Landing, link
from shared import ALL, CRS84, GEOJSON, Checks, city, items, person

PART3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES = {
    "point",
    "multipoint",
    "linestring",
    "multilinestring",
    "polygon",
    "multipolygon",
    "geometrycollection",
    "any",
    "point-or-multipoint",
    "linestring-or-multilinestring",
    "polygon-or-multipolygon",
}
PAGE_MAX = 10_000
# Of each type something that is no value of it.
INVALID = {"integer": "ten", "number": "ten", "boolean": "perhaps"}


def check_conformance(checks: Checks, api: Landing) -> None:
    answer = api.ask("/ogc/conformance")
    told = answer.json()["conformsTo"]
    for name in ("queryables", "queryables-query-parameters", "filter", "features-filter"):
        good = answer.headers["Content-Type"] == "application/json" and f"{PART3}/{name}" in told
        checks.that(f"/conf/{name}/get-conformance", good, told)


def queryables(checks: Checks, api: Landing, collection: dict) -> dict:
    name = collection["id"]
    for path in (link(collection, "self"), link(collection, "items", GEOJSON)):
        answer = api.who.answer("HEAD", path.removeprefix(city.URL), headers={"Accept": "application/json"})
        told = answer.headers.get("Link", "")
        checks.that(
            f"/conf/queryables/get-queryables-uris: {path.removeprefix(city.URL)}",
            answer.ok and QUERYABLES in told,
            told[:300],
        )
    address = link(collection, QUERYABLES)
    checks.same(
        f"/conf/features-filter/get-collection: {name}", address, f"{city.URL}/ogc/collections/{name}/queryables"
    )
    answer = api.ask(address, accept="application/schema+json")
    schema = answer.json()
    checks.same(
        f"/conf/queryables/get-queryables: {name}",
        (answer.status_code, answer.headers["Content-Type"]),
        (200, "application/schema+json"),
    )
    said = (schema["$schema"], schema["$id"], schema["type"])
    checks.same(f"/conf/queryables/get-queryables: {name} says what it is", said, (DIALECT, address, "object"))
    shapes = {f"geometry-{one}" for one in SHAPES}
    wrong = [key for key, one in schema["properties"].items() if "type" not in one and one.get("format") not in shapes]
    checks.that(f"/conf/queryables/get-queryables: {name} has types", bool(schema["properties"]) and not wrong, wrong)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        checks.that(f"/conf/queryables/get-queryables: {name} is JSON Schema", True)
    except jsonschema.SchemaError as error:
        checks.that(f"/conf/queryables/get-queryables: {name} is JSON Schema", False, error.message)
    return schema


def check_parameters(checks: Checks, api: Landing, collection: dict, schema: dict, whole: list[dict]) -> None:
    """Each queryable is a parameter: with a value that some feature has, and with one that is none."""
    name, address = collection["id"], link(collection, "items", GEOJSON)
    wrong, answered = [], []
    for key, one in schema["properties"].items():
        if "type" not in one:
            continue
        value = next((found["properties"][key] for found in whole if found["properties"].get(key) is not None), None)
        if value is not None:
            said = str(value).lower() if isinstance(value, bool) else value
            answer = api.ask(address, accept=GEOJSON, limit=10_000, **{key: said})
            page = answer.json()
            wanted = {found["id"] for found in whole if found["properties"].get(key) == value}
            # A page may be short of what matches; what is on it is right.
            seen = {found["id"] for found in page.get("features", [])}
            if (
                answer.status_code != 200
                or not seen
                or not seen <= wanted
                or page.get("numberMatched", len(wanted)) != len(wanted)
            ):
                wrong.append(f"{key}={said}: {answer.status_code} {len(seen)} of {len(wanted)}")
        if one["type"] in INVALID and api.ask(address, **{key: INVALID[one["type"]]}).status_code != 400:
            answered.append(key)
    checks.that(f"/conf/queryables-query-parameters/query-param: {name}", not wrong, wrong[:3])
    checks.that(f"/conf/queryables-query-parameters/query-param: {name}, values that are none", not answered, answered)


def check_filters(checks: Checks, api: Landing, collection: dict, schema: dict, whole: list[dict]) -> None:
    name, address = collection["id"], link(collection, "items", GEOJSON)
    key = next(key for key, one in schema["properties"].items() if "type" in one)
    empty = {found["id"] for found in whole if found["properties"].get(key) is None}
    for query in ({"filter-lang": "cql2-text"}, {}):
        test = "filter-param" if query else "filter-lang-default"
        answer = api.ask(address, accept=GEOJSON, filter=f"{key} IS NULL", limit=10_000, **query)
        good = answer.status_code == 200 and {found["id"] for found in answer.json()["features"]} == empty
        checks.that(
            f"/conf/filter/{test}: {name}", good and answer.headers["Content-Type"] == GEOJSON, answer.status_code
        )
        checks.same(
            f"/conf/filter/{test}: {name}, no filter",
            api.ask(address, filter="THIS IS NOT A FILTER", **query).status_code,
            400,
        )
    unknown = api.ask(address, **{"filter": "this_is_not_a_queryable IS NULL", "filter-lang": "cql2-text"}).status_code
    checks.same(
        f"/conf/filter/expression-construction: {name}", (schema["additionalProperties"], unknown), (False, 400)
    )


def corners(collection: dict, crs: str) -> list[float]:
    """The collection's box in a system, a bit wider, in the order of its axes."""
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    if crs == CRS84:
        return [west - 0.001, south - 0.001, east + 0.001, north + 0.001]
    own = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:" + crs.rsplit("/", 1)[1])
    along = [own.transform(west + (east - west) * at / 10, lat) for at in range(11) for lat in (south, north)]
    along += [own.transform(lon, south + (north - south) * at / 10) for at in range(11) for lon in (west, east)]
    first, second = [one for one, _ in along], [other for _, other in along]
    more = [(max(side) - min(side)) / 50 + 1e-4 for side in (first, second)]
    return [min(first) - more[0], min(second) - more[1], max(first) + more[0], max(second) + more[1]]


def check_places(checks: Checks, api: Landing, collection: dict, whole: list[dict]) -> None:
    """A predicate of place: in WGS 84, in every system of the collection, and beside a bbox."""
    name, address = collection["id"], link(collection, "items", GEOJSON)
    everyone = {found["id"] for found in whole if found["geometry"]}

    def asked(frame: list[float], **query: object) -> object:
        return api.ask(
            address,
            accept=GEOJSON,
            limit=10_000,
            filter=f"S_INTERSECTS(geometry,BBOX({','.join(map(repr, frame))}))",
            **query,
        )

    def seen(answer: object) -> bool:
        return answer.status_code == 200 and {found["id"] for found in answer.json()["features"]} == everyone

    frame = corners(collection, CRS84)
    checks.that(f"/conf/filter/filter-crs-wgs84: {name}", seen(asked(frame)))
    checks.same(
        f"/conf/filter/filter-crs-wgs84: {name}, beyond the globe", asked([1e6, 1e6, 2e6, 2e6]).status_code, 400
    )
    # All systems for one collection; zones far from one that reaches over all of the sea say it as no box.
    common = ("/CRS84", "/4326", "/3857", "/4756") if frame[2] - frame[0] > 3 else ("/CRS84", "/4326", "/5899")
    systems = [crs for crs in collection["crs"] if name == "trees" or crs.endswith(common)]
    wrong = [crs for crs in systems if not seen(asked(corners(collection, crs), **{"filter-crs": crs}))]
    checks.that(f"/conf/filter/filter-crs-param: {name} in {len(systems)} systems", not wrong, wrong)
    none = asked(frame, **{"filter-crs": "http://www.opengis.net/def/crs/OGC/0/does_not_exist"}).status_code
    checks.same(f"/conf/filter/filter-crs-param: {name} in none", none, 400)
    checks.that(f"/conf/features-filter/mixing-expression: {name}", seen(asked(frame, bbox=",".join(map(repr, frame)))))
    beside = asked(frame, bbox="-60,-60,-50,-50")
    checks.same(
        f"/conf/features-filter/mixing-expression: {name} beside it",
        (beside.status_code, beside.json()["features"]),
        (200, []),
    )


def check_functions(checks: Checks, api: Landing) -> None:
    answer = api.ask(link(api.root, "http://www.opengis.net/def/rel/ogc/1.0/functions"))
    functions = answer.json()["functions"]
    whole = [
        one for one in functions if one["name"] and one["returns"] and all(part["type"] for part in one["arguments"])
    ]
    good = (
        answer.status_code == 200
        and answer.headers["Content-Type"] == "application/json"
        and len(whole) == len(functions) > 0
    )
    checks.that("/conf/filter/get-functions", good, answer.text[:300])


def main() -> int:
    checks, api = Checks(), Landing(person(ALL))
    check_conformance(checks, api)
    checks.that("/conf/features-filter/get-collections", bool(api.collections))
    for collection in api.collections:
        schema = queryables(checks, api, collection)
        whole = items(api.who, collection["id"])
        # More than a page holds: a layer that another suite has made.
        if len(whole) > PAGE_MAX:
            continue
        check_parameters(checks, api, collection, schema, whole)
        check_filters(checks, api, collection, schema, whole)
        check_places(checks, api, collection, whole)
    check_functions(checks, api)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

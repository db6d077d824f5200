"""OGC API – Features part 2 (18-058r1) by its abstract tests: each check carries its test's name.

Reference systems are judged by PROJ (pyproj), which learns of the server's nothing but their names.
"""

from __future__ import annotations

import sys
from functools import cache

import pyproj
from ogc import Landing, link
from shared import ALL, CRS84, GEOJSON, Checks, person, places

# Degrees have seven decimals and metres four.
FAR_DEGREES, FAR_METRES = 2e-7, 2e-3
# Features of a layer that are compared in each system.
LOOKED_AT = 3


@cache
def projected(crs: str) -> pyproj.Transformer:
    """From CRS84 into a system in the order of its own axes, by the best way that PROJ knows here."""
    name = "OGC:CRS84" if crs == CRS84 else "EPSG:" + crs.rsplit("/", 1)[1]
    return pyproj.Transformer.from_crs("OGC:CRS84", name)


@cache
def in_degrees(crs: str) -> bool:
    return pyproj.CRS(projected(crs).target_crs).is_geographic


def check_crs(checks: Checks, api: Landing, collection: dict) -> None:
    name, address = collection["id"], link(collection, "items", GEOJSON)
    systems = collection["crs"]
    if "#/crs" in systems:
        systems = api.json(link(api.root, "data"))["crs"] + [one for one in systems if one != "#/crs"]
    checks.that(
        f"/conf/crs/crs-uri: {name}", all(one.startswith("http://www.opengis.net/def/crs/") for one in systems), systems
    )
    checks.that(f"/conf/crs/default-crs: {name}", CRS84 in systems, systems)
    checks.that(f"/conf/crs/storageCrs: {name}", collection["storageCrs"] in systems, collection["storageCrs"])
    plain = api.ask(address, limit=LOOKED_AT)
    checks.same(f"/conf/crs/crs-parameter-default: {name}", plain.headers.get("Content-Crs"), f"<{CRS84}>")
    first = [one for one in plain.json()["features"] if one["geometry"]]
    wrong, far, missed = [], [], []
    for crs in systems if first else []:
        for path in (address, f"/ogc/collections/{name}/items/{first[0]['id']}"):
            answer = api.ask(path, crs=crs, **({"limit": LOOKED_AT} if path == address else {}))
            if (answer.status_code, answer.headers.get("Content-Crs")) != (200, f"<{crs}>"):
                wrong.append(f"{crs} {answer.status_code}")
                continue
            said = answer.json()
            others = {one["id"]: one["geometry"] for one in said.get("features", [said])}
            far += [crs for one in first if one["id"] in others and differ(crs, one["geometry"], others[one["id"]])]
        if name == "trees" or crs.endswith(("/CRS84", "/4326", "/3857", "/5899")):
            missed += [crs] * (not found_in(api, name, address, crs, first[0]["geometry"]))
    checks.that(f"/conf/crs/crs-parameter: {name} in {len(systems)} systems", not wrong, wrong[:3])
    checks.that(f"/conf/crs/crs-parameter-transform: {name}, as PROJ has it", not far, sorted(set(far)))
    checks.that(f"/conf/crs/bbox-crs-parameter: {name}", not missed, missed)
    for parameter, test in (("crs", "crs-parameter-invalid"), ("bbox-crs", "bbox-crs-parameter-invalid")):
        answer = api.ask(address, **{parameter: "http://www.opengis.net/def/crs/EPSG/0/2154", "bbox": "1,2,3,4"})
        checks.same(f"/conf/crs/{test}: {name}", answer.status_code, 400)
    frame = "108.2,16,108.25,16.1"
    pages = [api.json(address, bbox=frame, limit=1_000, **more)["features"] for more in ({}, {"bbox-crs": CRS84})]
    checks.same(f"/conf/crs/bbox-crs-parameter-default: {name}", *[[one["id"] for one in page] for page in pages])


def differ(crs: str, stored: dict, said: dict) -> bool:
    """Whether a position differs from PROJ's by more than rounding."""
    (x, y), (a, b) = zip(*places(stored)), zip(*places(said))
    c, d = projected(crs).transform(x, y)
    # What is stored has more decimals than what CRS84 says of it: half a unit of those, in metres.
    most = FAR_DEGREES if in_degrees(crs) else FAR_METRES + 0.012
    pairs = [*zip(a, c, strict=True), *zip(b, d, strict=True)]
    return any(abs(one - other) > most for one, other in pairs)


def found_in(api: Landing, name: str, address: str, crs: str, geometry: dict) -> bool:
    """Whether a box around the first feature's first place, said in a system, finds that feature."""
    x, y = projected(crs).transform(*places(geometry)[0])
    wide = 0.0005 if in_degrees(crs) else 50
    page = api.json(
        address, **{"bbox": f"{x - wide},{y - wide},{x + wide},{y + wide}", "bbox-crs": crs, "limit": 10_000}
    )
    return geometry in [one["geometry"] for one in page["features"]]


def main() -> int:
    checks, api = Checks(), Landing(person(ALL))
    for collection in api.collections:
        check_crs(checks, api, collection)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

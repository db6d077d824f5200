"""OGC API – Features part 4 (20-002): create, replace, delete, update, features, optimistic locking by ETags.

Its abstract tests are a draft; where one is not written, the check carries the name of its requirement.
"""

from __future__ import annotations

import json
import sys
import uuid
from copy import deepcopy

from ogc import Landing, link
from shared import AN_HAI, CRS84, GEOJSON, HAI_CHAU, VN2000, Caller, Checks, city, person

PART4 = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf"
CLASSES = ("create-replace-delete", "update", "features", "optimistic-locking-etags")
ITEMS = "/ogc/collections/trees/items"
PATCH = "application/merge-patch+json"
TREE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [108.2208, 16.0678]},
    "properties": {"code": "ATS-1", "species": "other", "height_m": 7.5, "commune": "20242"},
}


def send(who: Caller, method: str, path: str, body: object = None, kind: str = GEOJSON, **headers: str) -> object:
    told = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Content-Type": kind} if kind else {})
    return who.answer(method, path, data=None if body is None else json.dumps(body), headers=told)


def changed(**more: object) -> dict:
    """The tree with other properties or another place."""
    tree = deepcopy(TREE)
    tree["geometry"] = more.pop("geometry", tree["geometry"])
    tree["properties"] |= more
    return tree


def check_options(checks: Checks, officer: Caller, path: str) -> None:
    for who, name, address, wanted in (
        (officer, "an officer", ITEMS, {"POST"}),
        (officer, "an officer", path, {"PUT", "PATCH", "DELETE"}),
        (Caller(), "nobody", ITEMS, set()),
        (Caller(), "nobody", path, set()),
    ):
        answer = who.answer("OPTIONS", address)
        allowed = {one.strip() for one in answer.headers.get("Allow", "").split(",")}
        where = "the resource" if address == path else "the resources"
        checks.same(
            f"/req/create-replace-delete/options-op, options-response: {where} for {name}", answer.status_code, 200
        )
        good = allowed & {"POST", "PUT", "PATCH", "DELETE"} == wanted and "GET" in allowed
        checks.that(f"/req/core/methods, /req/update/methods: {where} for {name}", good, allowed)


def check_create(checks: Checks, officer: Caller) -> str:
    made = send(officer, "POST", ITEMS, TREE)
    checks.same("/conf/create-replace-delete/insert/post-op, insert/body", made.status_code, 201)
    where = made.headers.get("Location", "")
    checks.that(
        "/conf/create-replace-delete/insert/response, /req/features/resource-endpoint",
        where.startswith(f"{city.URL}{ITEMS}/"),
        where,
    )
    path = where.removeprefix(city.URL)
    shown = Caller().answer("GET", path, headers={"Accept": GEOJSON})
    feature = shown.json()
    same = all(feature.get(key) == TREE[key] for key in ("geometry", "properties"))
    checks.that(
        "/conf/create-replace-delete/insert/response-rid",
        shown.ok and same and str(feature["id"]) == path.rsplit("/", 1)[1],
        feature,
    )
    for kind in ("text/plain", "application/xml", ""):
        checks.same(
            f"/conf/create-replace-delete/insert/content-type: {kind or 'none'}",
            send(officer, "POST", ITEMS, TREE, kind).status_code,
            415,
        )
    second = send(officer, "POST", ITEMS, TREE | {"id": feature["id"]}, "application/json; charset=utf-8")
    other = second.headers.get("Location", "").removeprefix(city.URL)
    checks.that(
        "/req/create-replace-delete/post-response-rid: the server numbers",
        second.status_code == 201 and other != path,
        other,
    )
    send(officer, "DELETE", other, kind="")
    for name, body in (
        ("a missing attribute", changed(species=None)),
        ("an attribute that is none", changed(colour="red")),
        ("another shape", changed(geometry={"type": "LineString", "coordinates": [[108, 16], [109, 17]]})),
        ("no feature", []),
    ):
        answer = send(officer, "POST", ITEMS, body)
        checks.that(
            f"/req/features/schema: {name} is refused",
            answer.status_code == 422 and answer.json()["detail"],
            answer.text,
        )
    key = {"Idempotency_Key": str(uuid.uuid4())}
    twice = [send(officer, "POST", ITEMS, changed(code="ATS-2"), **key) for _ in range(2)]
    checks.same("a create under one key is done once", twice[0].json().get("id"), twice[1].json().get("id"))
    send(officer, "DELETE", f"{ITEMS}/{twice[0].json().get('id')}", kind="")
    return path


def check_replace(checks: Checks, officer: Caller, path: str) -> None:
    whole = changed(height_m=8.25) | {"id": 999_999}
    answer = send(officer, "PUT", path, whole)
    checks.that(
        "/conf/create-replace-delete/update/put/put-op, put/response", answer.status_code in (200, 204), answer.text
    )
    shown = Caller().get(path)
    checks.same("/conf/create-replace-delete/update/put/body", shown["properties"], whole["properties"])
    checks.same("/req/create-replace-delete/put-rid", str(shown["id"]), path.rsplit("/", 1)[1])
    bare = changed()
    del bare["properties"]["height_m"]
    send(officer, "PUT", path, bare)
    checks.that("what a replacement does not name is gone", Caller().get(path)["properties"].get("height_m") is None)
    checks.same(
        "/conf/create-replace-delete/update/put/content-type",
        send(officer, "PUT", path, whole, "text/plain").status_code,
        415,
    )
    checks.same(
        "/conf/create-replace-delete/update/put/rid-exception",
        send(officer, "PUT", f"{ITEMS}/999999999", whole).status_code,
        404,
    )
    absent = send(officer, "PUT", f"{ITEMS}/999999999", whole, If_Match='"1.1"').status_code
    # RFC 9110 13.2.1: a precondition counts only where the answer without it would be a 2xx.
    checks.same("/req/create-replace-delete/put-rid-exception: If-Match changes nothing of it", absent, 404)


def check_update(checks: Checks, officer: Caller, path: str) -> None:
    answer = send(officer, "PATCH", path, {"properties": {"height_m": 9.5}}, PATCH)
    checks.that("/req/update/update-patch-op, update-patch-response", answer.status_code in (200, 204), answer.text)
    shown = Caller().get(path)
    wanted = TREE["properties"] | {"height_m": 9.5}
    checks.same(
        "/req/update/update-patch-body, /req/features/update-json-merge-patch",
        (shown["properties"], shown["geometry"]),
        (wanted, TREE["geometry"]),
    )
    send(
        officer,
        "PATCH",
        path,
        {"properties": {"height_m": None}, "geometry": {"type": "Point", "coordinates": [108.221, 16.068]}},
        PATCH,
    )
    shown = Caller().get(path)
    good = "height_m" not in shown["properties"] and shown["geometry"]["coordinates"] == [108.221, 16.068]
    checks.that("/req/features/update-json-merge-patch: null goes, a geometry is taken whole", good, shown)
    send(officer, "PATCH", path, {"id": 999_999, "properties": {}}, PATCH)
    checks.same("/req/update/rid", str(Caller().get(path)["id"]), path.rsplit("/", 1)[1])


def check_systems(checks: Checks, officer: Caller, path: str) -> None:
    for crs, place in (
        (VN2000, [550175.0803, 1777138.3210]),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", [16.0678, 108.2208]),
        (CRS84, [108.2208, 16.0678]),
    ):
        answer = send(
            officer, "PUT", path, changed(geometry={"type": "Point", "coordinates": place}), Content_Crs=f"<{crs}>"
        )
        checks.same(f"/req/features/content-crs-header, crs-other-crs: {crs}", answer.status_code, 200)
        checks.same(
            f"/conf/create-replace-delete/crs/crs84: {crs}",
            Caller().get(path)["geometry"]["coordinates"],
            [108.2208, 16.0678],
        )
    none = send(officer, "PUT", path, TREE, Content_Crs="<http://www.opengis.net/def/crs/EPSG/0/2154>").status_code
    checks.same("/req/features/crs-other-crs: a system that is not offered", none, 400)


def check_locking(checks: Checks, officer: Caller, path: str) -> None:
    first = Caller().answer("GET", path).headers.get("ETag", "")
    checks.that("/req/optimistic-locking-etags/get-etag-response", first.startswith('"'), first)
    held = Caller().answer("GET", path, headers={"If-None-Match": first})
    checks.same("what is held is not sent again", (held.status_code, held.content), (304, b""))
    answer = send(officer, "PUT", path, changed(height_m=1), If_Match=first)
    second = answer.headers.get("ETag", "")
    checks.that(
        "/req/optimistic-locking-etags/put-etag-response",
        answer.ok and second.startswith('"') and second != first,
        second,
    )
    for method, body, kind in (
        ("PUT", changed(height_m=2), GEOJSON),
        ("PATCH", {"properties": {"height_m": 2}}, PATCH),
        ("DELETE", None, ""),
    ):
        for tag in (first, '"no-such-tag"', f"W/{second}"):
            name = f"/req/optimistic-locking-etags/ifmatch-{method.lower()}-eval: {tag}"
            checks.same(name, send(officer, method, path, body, kind, If_Match=tag).status_code, 412)
    checks.same("and nothing was changed", Caller().get(path)["properties"]["height_m"], 1)
    answer = send(officer, "PATCH", path, {"properties": {"height_m": 3}}, PATCH, If_Match=f'"x", {second}')
    third = answer.headers.get("ETag", "")
    checks.that(
        "/req/optimistic-locking-etags/patch-etag-response", answer.ok and third not in ("", first, second), third
    )
    checks.same(
        "/req/optimistic-locking-etags/ifmatch-put-eval: *",
        send(officer, "PUT", path, TREE, If_Match="*").status_code,
        200,
    )


def check_placeless(checks: Checks, officer: Caller, path: str) -> None:
    """What has no place is met by every bbox (17-069r4, /req/core/fc-bbox-response C)."""
    checks.same("a feature may be without a place", send(officer, "PUT", path, changed(geometry=None)).status_code, 200)
    number = int(path.rsplit("/", 1)[1])
    page = Caller().get(f"{ITEMS}?bbox=-10,-10,-9,-9")
    found = [one["id"] for one in page["features"]]
    checks.same(
        "/conf/core/fc-bbox-response: what has no place is met by every bbox",
        (found, page["numberMatched"]),
        ([number], 1),
    )
    page = Caller().get(f"{ITEMS}?filter=S_INTERSECTS(geometry,BBOX(-180,-90,180,90))&limit=10000")
    checks.that("and by no predicate of place", number not in [one["id"] for one in page["features"]])


def check_rights(checks: Checks, path: str) -> None:
    for name, who, status in (
        ("nobody", Caller(), 401),
        ("a resident", person("Nguyễn Thị Lan"), 403),
        ("an officer of another ward", person(AN_HAI), 403),
    ):
        told = [
            send(who, "POST", ITEMS, TREE).status_code,
            send(who, "PUT", path, TREE).status_code,
            send(who, "PATCH", path, {"properties": {"height_m": 2}}, PATCH).status_code,
            send(who, "DELETE", path, kind="").status_code,
        ]
        checks.same(f"{name} changes nothing", told, [status] * 4)


def check_delete(checks: Checks, officer: Caller, path: str) -> None:
    checks.that(
        "/conf/create-replace-delete/delete/delete-op, delete/response",
        send(officer, "DELETE", path, kind="").status_code in (200, 204),
    )
    checks.same("what is deleted is gone", Caller().answer("GET", path).status_code, 404)
    checks.same("and is not deleted twice", send(officer, "DELETE", path, kind="").status_code, 404)
    number = path.rsplit("/", 1)[1]
    undone = officer.answer("POST", f"/api/v1/layers/trees/features/{number}/actions/undo")
    checks.that("an undo brings it back", undone.ok and Caller().answer("GET", path).ok, undone.text)
    send(officer, "DELETE", path, kind="")


def main() -> int:
    checks, officer = Checks(), person(HAI_CHAU)
    api = Landing(Caller())
    told = api.json(link(api.root, "conformance"))["conformsTo"]
    claimed = {one.rsplit("/", 1)[1] for one in told if "ogcapi-features-4" in one}
    checks.same("every class of part 4 that is claimed is tested", claimed, set(CLASSES))
    path = check_create(checks, officer)
    check_options(checks, officer, path)
    check_replace(checks, officer, path)
    check_update(checks, officer, path)
    check_systems(checks, officer, path)
    check_locking(checks, officer, path)
    check_rights(checks, path)
    check_placeless(checks, officer, path)
    check_delete(checks, officer, path)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

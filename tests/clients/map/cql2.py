"""A layer as the suite of CQL2 asks it, and what its tests are asked with."""

from __future__ import annotations

import operator
import unicodedata

from ogc import Landing
from shapely.geometry import shape
from shared import GEOJSON, items

COMPARE = {
    "=": operator.eq,
    "<>": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
VALUES = {"string": "'foo'", "boolean": "true", "number": "3.14", "integer": "1"}
PREDICATES = {
    "S_INTERSECTS": lambda a, b: a.intersects(b),
    "S_DISJOINT": lambda a, b: a.disjoint(b),
    "S_EQUALS": lambda a, b: a.equals(b),
    "S_TOUCHES": lambda a, b: a.touches(b),
    "S_CROSSES": lambda a, b: a.crosses(b),
    "S_WITHIN": lambda a, b: a.within(b),
    "S_CONTAINS": lambda a, b: a.contains(b),
    "S_OVERLAPS": lambda a, b: a.overlaps(b),
}
# Shapes in and about the city, and those of the standard's tests.
SHAPES = (
    "POINT(7.02 49.92)",
    "LINESTRING(7 50, 10 51)",
    "MULTIPOINT(7 50, 10 51)",
    "LINESTRING(108.15 16.0, 108.25 16.1)",
    "MULTILINESTRING((108.1 16.05, 108.3 16.06), (108.2 15.9, 108.21 16.2))",
    "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))",
    "POLYGON((108.2 16.02, 108.24 16.02, 108.24 16.08, 108.2 16.08, 108.2 16.02), (108.21 16.03, 108.22 16.03, 108.22 16.04, 108.21 16.04, 108.21 16.03))",
    "MULTIPOLYGON(((108.2 16, 108.21 16, 108.21 16.1, 108.2 16.1, 108.2 16)),((108.22 16, 108.23 16, 108.23 16.1, 108.22 16.1, 108.22 16)))",
    "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((108.2 16, 108.22 16, 108.22 16.1, 108.2 16.1, 108.2 16)))",
)
PERIOD = "INTERVAL('2021-01-01','2021-12-31')"
# Of each temporal function one pair for which it is true.
TIMES = {
    "T_AFTER": ("DATE('2022-04-24')", PERIOD),
    "T_BEFORE": ("DATE('2020-04-24')", PERIOD),
    "T_DISJOINT": ("DATE('2022-04-24')", PERIOD),
    "T_EQUALS": (PERIOD, PERIOD),
    "T_INTERSECTS": ("DATE('2021-04-24')", PERIOD),
    "T_CONTAINS": (PERIOD, "INTERVAL('2021-02-01','2021-03-01')"),
    "T_DURING": ("INTERVAL('2021-02-01','2021-03-01')", PERIOD),
    "T_FINISHEDBY": (PERIOD, "INTERVAL('2021-02-01','2021-12-31')"),
    "T_FINISHES": ("INTERVAL('2021-02-01','2021-12-31')", PERIOD),
    "T_MEETS": (PERIOD, "INTERVAL('2021-12-31','2022-02-01')"),
    "T_METBY": (PERIOD, "INTERVAL('2020-12-31','2021-01-01')"),
    "T_OVERLAPPEDBY": (PERIOD, "INTERVAL('2020-02-01','2021-03-01')"),
    "T_OVERLAPS": (PERIOD, "INTERVAL('2021-02-01','2022-03-01')"),
    "T_STARTEDBY": (PERIOD, "INTERVAL('2021-01-01','2021-03-01')"),
    "T_STARTS": ("INTERVAL('2021-01-01','2021-03-01')", PERIOD),
}
LISTS = {
    "A_CONTAINS": ("('a','b','c')", "('a','b')"),
    "A_CONTAINEDBY": ("('a','b')", "('a','b','c')"),
    "A_EQUALS": ("('a','b')", "('b','a')"),
    "A_OVERLAPS": ("('a','b')", "('b','c')"),
}


class Source:
    """A layer with its queryables, and the predicates that were good on it."""

    def __init__(self, api: Landing, name: str) -> None:
        self.api, self.name = api, name
        self.features = items(api.who, name)
        self.everyone = {one["id"] for one in self.features}
        self.shapes = {one["id"]: shape(one["geometry"]) for one in self.features if one["geometry"]}
        schema = api.json(f"/ogc/collections/{name}/queryables")["properties"]
        self.kinds = {key: one["type"] for key, one in schema.items() if "type" in one}
        self.good = []

    def ask(self, text: str, lang: str = "cql2-text") -> object:
        return self.api.ask(
            f"/ogc/collections/{self.name}/items", accept=GEOJSON, limit=10_000, **{"filter": text, "filter-lang": lang}
        )

    def found(self, text: str, lang: str = "cql2-text") -> set[int] | None:
        """What matches, or nothing where the filter was refused."""
        answer = self.ask(text, lang)
        if answer.status_code != 200:
            return None
        if lang == "cql2-text":
            self.good.append(text)
        return {one["id"] for one in answer.json()["features"]}

    def where(self, key: str, holds: callable) -> set[int]:
        values = ((one["id"], one["properties"].get(key)) for one in self.features)
        return {number for number, value in values if value is not None and holds(value)}


def folded(text: str) -> str:
    return (
        "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
        .replace("đ", "d")
        .replace("Đ", "D")
    )

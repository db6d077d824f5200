"""CQL2 (21-065r2) by its abstract tests, in text and in JSON: each check carries its test's name.

What a predicate must find is computed here from the features themselves; what is compared by place is judged by
shapely.
The layers have no attributes of time and no lists: predicates on these are asked with literals on both sides.
"""

from __future__ import annotations

import random
import sys

from cql2 import COMPARE, LISTS, PREDICATES, SHAPES, TIMES, VALUES, Source, folded
from ogc import Landing, link
from shapely import from_wkt
from shapely.geometry import box
from shared import ALL, Checks, person

CLASSES = (
    "cql2-text",
    "cql2-json",
    "basic-cql2",
    "advanced-comparison-operators",
    "case-insensitive-comparison",
    "accent-insensitive-comparison",
    "basic-spatial-functions",
    "basic-spatial-functions-plus",
    "spatial-functions",
    "temporal-functions",
    "array-functions",
    "property-property",
    "functions",
    "arithmetic",
)
# Points, lines and areas, with attributes of every type.
LAYERS = ("sovereignty", "roads", "buildings")


def check_basic(checks: Checks, source: Source) -> None:
    name = source.name
    wrong, mixed = [], []
    for key, kind in source.kinds.items():
        written = VALUES[kind]
        known = next(
            (one["properties"][key] for one in source.features if one["properties"].get(key) is not None), None
        )
        for text, value in (
            (written, {"'foo'": "foo", "true": True, "3.14": 3.14, "1": 1}[written]),
            (f"'{known}'" if isinstance(known, str) else str(known).lower(), known),
        ):
            if value is None or (isinstance(value, str) and "'" in value):
                continue
            for sign, compares in COMPARE.items():
                if kind == "boolean" and sign not in ("=", "<>"):
                    continue
                wanted = source.where(key, lambda one: compares(one, value))
                if source.found(f"{key} {sign} {text}") != wanted:
                    wrong.append(f"{key} {sign} {text}")
                turned = {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(sign, sign)
                if source.found(f"{text} {turned} {key}") != wanted:
                    mixed.append(f"{text} {turned} {key}")
        for sign, wanted in (("=", source.where(key, lambda _: True)), ("<>", set())):
            if source.found(f"{key} {sign} {key}") != wanted:
                mixed.append(f"{key} {sign} {key}")
        empty = source.found(f"{key} IS NULL")
        if (
            empty != source.everyone - source.where(key, lambda _: True)
            or source.found(f"{key} is not null") != source.everyone - empty
        ):
            wrong.append(f"{key} IS NULL")
    checks.that(f"/conf/basic-cql2/comparison, /conf/basic-cql2/is-null: {name}", not wrong, wrong[:4])
    checks.that(
        f"/conf/property-property/comparison-value-property, comparison-property-property: {name}", not mixed, mixed[:4]
    )
    checks.same(
        f"/conf/basic-cql2/boolean: {name}", (source.found("true"), source.found("false")), (source.everyone, set())
    )
    pairs = [
        (f"{value} {sign} {value}", sign in ("=", ">=", "<="))
        for value in VALUES.values()
        if value != "true"
        for sign in COMPARE
    ]
    wrong = [text for text, holds in pairs if source.found(text) != (source.everyone if holds else set())]
    checks.that(f"/conf/property-property/comparison-value-value: {name}", not wrong, wrong[:4])


def check_advanced(checks: Checks, source: Source) -> None:
    name = source.name
    wrong = []
    for key, kind in source.kinds.items():
        if kind == "string":
            known = source.where(key, lambda _: True)
            first = next((one["properties"][key] for one in source.features if one["properties"].get(key)), "x")[
                :1
            ].replace("'", "''")
            for pattern, wanted in (
                ("%", known),
                ("%%", known),
                ("_%", source.where(key, bool)),
                ("", source.where(key, lambda one: not one)),
                ("\\%\\_", set()),
                (f"{first}%", source.where(key, lambda one: one.startswith(first))),
            ):
                if (
                    source.found(f"{key} LIKE '{pattern}'") != wanted
                    or source.found(f"{key} NOT LIKE '{pattern}'") != known - wanted
                ):
                    wrong.append(f"{key} LIKE '{pattern}'")
            if source.found(f"{key} in ('foo', 'bar')") != source.where(key, lambda one: one in ("foo", "bar")):
                wrong.append(f"{key} in")
        elif kind in ("number", "integer"):
            if source.found(f"{key} BETWEEN 0 AND 100") != source.where(
                key, lambda one: 0 <= one <= 100
            ) or source.found(f"{key} between 100.0 and 1.0"):
                wrong.append(f"{key} BETWEEN")
            if source.found(f"{key} IN (1, 2, 3)") != source.where(key, lambda one: one in (1, 2, 3)):
                wrong.append(f"{key} IN")
            if source.found(f"{key} * 2 + 1 > 2^3 - 7 % 4 + 8 div 3") != source.where(
                key, lambda one: one * 2 + 1 > 8 - 3 + 2
            ):
                wrong.append(f"arithmetic of {key}")
    checks.that(
        f"/conf/advanced-comparison-operators/like, between, in; /conf/arithmetic/arithmetic: {name}",
        not wrong,
        wrong[:4],
    )


def check_folding(checks: Checks, source: Source) -> None:
    wrong = []
    for key in [key for key, kind in source.kinds.items() if kind == "string"]:
        value = next((one["properties"][key] for one in source.features if one["properties"].get(key)), "x")
        text = value.replace("'", "''")
        for said, wanted in (
            (
                f"CASEI({key}) = casei('{text.upper()}')",
                source.where(key, lambda one: one.casefold() == value.casefold()),
            ),
            (f"ACCENTI({key}) = accenti('{text}')", source.where(key, lambda one: folded(one) == folded(value))),
            (
                f"ACCENTI(CASEI({key})) = accenti(casei('{folded(text).upper()}'))",
                source.where(key, lambda one: folded(one).casefold() == folded(value).casefold()),
            ),
            (
                f"CASEI({key}) LIKE casei('{text[:1].upper()}%')",
                source.where(key, lambda one: one.casefold().startswith(value[:1].casefold())),
            ),
            (
                f"ACCENTI(CASEI({key})) LIKE accenti(casei('Đ%'))",
                source.where(key, lambda one: folded(one).casefold().startswith("d")),
            ),
            (
                f"ACCENTI(CASEI({key})) IN (accenti(casei('{text}')), accenti(casei('foo')))",
                source.where(key, lambda one: folded(one).casefold() in (folded(value).casefold(), "foo")),
            ),
        ):
            if source.found(said) != wanted:
                wrong.append(said)
        if source.found(f"ACCENTI({key}) = accenti('äöüéáí')") & source.found(f"ACCENTI({key}) <> accenti('aoueai')"):
            wrong.append(f"accents of {key}")
    checks.that(
        f"/conf/case-insensitive-comparison/casei, /conf/accent-insensitive-comparison/accenti: {source.name}",
        not wrong,
        wrong[:3],
    )


def check_places(checks: Checks, source: Source) -> None:
    for name, holds in PREDICATES.items():
        wrong = []
        for text in (*SHAPES, "BBOX(108.2,16.02,108.24,16.08)", "BBOX(-180,-90,180,90)"):
            other = box(*map(float, text[5:-1].split(","))) if text.startswith("BBOX") else from_wkt(text)
            # Of a collection GEOS knows no inside: it says of what is within a member that it is not within the whole.
            if other.geom_type == "GeometryCollection" and name not in ("S_INTERSECTS", "S_DISJOINT"):
                continue
            wanted = {number for number, one in source.shapes.items() if holds(one, other)}
            if source.found(f"{name}(geometry,{text})") != wanted:
                wrong.append(text[:40])
        test = (
            "basic-spatial-functions, basic-spatial-functions-plus, spatial-functions"
            if name == "S_INTERSECTS"
            else "spatial-functions"
        )
        checks.that(f"/conf/{test}/{name.lower()}: {source.name}, as GEOS has it", not wrong, wrong)
    beyond = [
        source.ask(f"S_INTERSECTS(geometry,{text})").status_code
        for text in ("POINT(90 180)", "MULTIPOINT(7.02 49.92, 90 180)")
    ]
    checks.same(f"/conf/basic-spatial-functions/s_intersects: {source.name} beyond the globe", beyond, [400, 400])


def check_literals(checks: Checks, source: Source) -> None:
    for name, test, pairs in (
        ("time", "temporal-functions/temporal-functions-1, -2", TIMES),
        ("lists", "array-functions/array-predicates", LISTS),
    ):
        wrong = [
            f"{call}({a},{b})"
            for call, (a, b) in pairs.items()
            if source.found(f"{call}({a},{b})") != source.everyone or source.found(f"NOT {call}({a},{b})") != set()
        ]
        checks.that(f"/conf/{test}: {name} in {source.name}", not wrong, wrong[:3])


def check_json(checks: Checks, source: Source) -> None:
    """The same in both encodings."""
    key, kind = next((key, kind) for key, kind in source.kinds.items() if kind in ("number", "integer"))
    frame = {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [108.2, 16.02, 108.24, 16.08]}]}
    pairs = [
        (f"{key} > 3", '{"op":">","args":[{"property":"%s"},3]}' % key),
        (f"{key} IS NULL", '{"op":"isNull","args":[{"property":"%s"}]}' % key),
        (f"NOT {key} BETWEEN 2 AND 9", '{"op":"not","args":[{"op":"between","args":[{"property":"%s"},2,9]}]}' % key),
        (
            f"{key} IN (1,2,3) OR {key} > 5",
            '{"op":"or","args":[{"op":"in","args":[{"property":"%s"},[1,2,3]]},{"op":">","args":[{"property":"%s"},5]}]}'
            % (key, key),
        ),
        (
            f"{key} + 1 < 9 * 2",
            '{"op":"<","args":[{"op":"+","args":[{"property":"%s"},1]},{"op":"*","args":[9,2]}]}' % key,
        ),
        ("S_INTERSECTS(geometry,BBOX(108.2,16.02,108.24,16.08))", str(frame).replace("'", '"')),
        (
            "S_WITHIN(geometry,POLYGON((108 15, 109 15, 109 17, 108 17, 108 15)))",
            '{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[108,15],[109,15],[109,17],[108,17],[108,15]]]}]}',
        ),
        (
            "T_BEFORE(DATE('2020-01-01'),DATE('2021-01-01'))",
            '{"op":"t_before","args":[{"date":"2020-01-01"},{"date":"2021-01-01"}]}',
        ),
    ]
    wrong = [
        text
        for text, written in pairs
        if source.found(text) is None or source.found(text) != source.found(written, "cql2-json")
    ]
    checks.that(f"/conf/cql2-json/validate: {source.name} finds the same as in text", not wrong, wrong)
    for lang, broken in (
        ("cql2-text", f"{key} >"),
        ("cql2-text", f"{key} > 'x"),
        ("cql2-json", "{"),
        ("cql2-json", '{"op":"=="}'),
        ("cql2-xml", "x"),
    ):
        checks.same(f"/conf/{lang}/validate: {source.name} refuses {broken}", source.ask(broken, lang).status_code, 400)


def check_logical(checks: Checks, source: Source) -> None:
    """Random combinations of the predicates that were good, each found by itself and put together here."""
    draw, wrong = random.Random(20_261_123), []
    good = sorted(set(source.good))
    for _ in range(12):
        texts = draw.sample(good, 4)
        p1, p2, p3, p4 = (source.found(text) for text in texts)
        n1, n4 = source.found(f"NOT ({texts[0]})"), source.found(f"NOT ({texts[3]})")
        text = "((NOT ({0}) AND ({1})) OR (({2}) and NOT ({3})) or not (({0}) AND ({3})))".format(*texts)
        # What is unknown of p1 or p4 makes the last part true where the other is false.
        wanted = (n1 & p2) | (p3 & n4) | n1 | n4
        if source.found(text) != wanted:
            wrong.append(text)
    checks.that(f"/conf/basic-spatial-functions/logical and of all other classes: {source.name}", not wrong, wrong[:1])


def main() -> int:
    checks, api = Checks(), Landing(person(ALL))
    told = api.json(link(api.root, "conformance"))["conformsTo"]
    missing = [one for one in CLASSES if f"http://www.opengis.net/spec/cql2/1.0/conf/{one}" not in told]
    checks.that("every class of CQL2 that is tested is claimed", not missing, missing)
    untested = [one for one in told if "/cql2/1.0/" in one and one.rsplit("/", 1)[1] not in CLASSES]
    checks.that("every class of CQL2 that is claimed is tested", not untested, untested)
    for name in LAYERS:
        source = Source(api, name)
        check_basic(checks, source)
        check_advanced(checks, source)
        check_folding(checks, source)
        check_places(checks, source)
        check_literals(checks, source)
        check_json(checks, source)
        check_logical(checks, source)
    answer = Source(api, "trees").found("upper(species) = 'OTHER'")
    checks.that("/conf/functions/functions", answer is not None, answer)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

"""QGIS reads the map's features, on demand: `python3 qgis.py`, by the Python of a machine with QGIS.

No part of the normal run, since QGIS brings a gigabyte with it:

    apt-get install --no-install-recommends python3-qgis
    SONGHAN_URL=http://127.0.0.1:8080 python3 tests/clients/map/qgis.py

Without a screen it draws nowhere (`QT_QPA_PLATFORM=offscreen`, which it sets itself). It needs the demo city alone, as
`cargo xtask run` serves it. QGIS 3.22 to 3.40 name the provider OAPIF.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))  # what the scripts of all clients share

from checks import Checks

URL = os.environ.get("SONGHAN_URL", "http://127.0.0.1:8080").rstrip("/")
LAYERS = ("trees", "roads", "communes", "places")
BOX = (108.21, 16.05, 108.23, 16.07)


def counted(path: str) -> int:
    with urllib.request.urlopen(f"{URL}/ogc/collections/{path}", timeout=60) as answer:
        return json.load(answer)["numberMatched"]


def opened(name: str, more: str = "") -> object:
    from qgis.core import QgsVectorLayer

    return QgsVectorLayer(f"url='{URL}/ogc' typename='{name}' pagingEnabled='true' {more}", name, "OAPIF")


def check_layer(checks: Checks, name: str) -> None:
    from qgis.core import QgsFeatureRequest, QgsRectangle

    layer = opened(name)
    if not checks.that(f"QGIS opens {name}", layer.isValid(), layer.error().message()):
        return
    found = list(layer.getFeatures())
    checks.same(f"QGIS reads all of {name}", len(found), counted(f"{name}/items?limit=1"))
    with urllib.request.urlopen(f"{URL}/ogc/collections/{name}/queryables", timeout=60) as answer:
        wanted = {key for key, one in json.load(answer)["properties"].items() if "type" in one}
    fields = {field.name() for field in layer.fields()}
    checks.that(f"QGIS knows the attributes of {name}", wanted <= fields, wanted - fields)
    broken = [one.id() for one in found if not one.hasGeometry() or not one.geometry().isGeosValid()]
    checks.that(f"QGIS finds the geometries of {name} valid", not broken, broken[:5])
    inside = list(
        layer.getFeatures(
            QgsFeatureRequest().setFilterRect(QgsRectangle(*BOX)).setFlags(QgsFeatureRequest.ExactIntersect)
        )
    )
    box = ",".join(map(str, BOX))
    checks.same(f"QGIS reads {name} in a box", len(inside), counted(f"{name}/items?limit=1000&bbox={box}"))


def check_system(checks: Checks) -> None:
    """In VN-2000, as surveyors work."""
    layer = opened("trees", "srsname='EPSG:5899'")
    checks.that(
        "QGIS opens a layer in VN-2000", layer.isValid() and layer.crs().authid() == "EPSG:5899", layer.crs().authid()
    )
    place = next(layer.getFeatures()).geometry().asPoint()
    checks.that("and its places are metres", 4e5 < place.x() < 7e5 and 1.6e6 < place.y() < 1.9e6, place)


def main() -> int:
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    checks = Checks()
    for name in LAYERS:
        check_layer(checks, name)
    check_system(checks)
    ended = checks.end()
    application.exitQgis()
    return ended


if __name__ == "__main__":
    sys.exit(main())

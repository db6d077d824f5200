"""PyPI pmtiles reads what `songhan map pack` writes, from the disk and from the server by ranges of bytes; its tiles
are those that the server serves.
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from pathlib import Path

import mapbox_vector_tile
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType
from shared import POLYGONS, Caller, Checks, songhan

LAYERS, ZOOMS = ("communes", "city-outline", "sovereignty"), (0, 10)
# Tiles compared with those of the server.
COMPARED_MAX = 40


def features(content: bytes) -> dict:
    """Layers and features in an order of their own: two writers may choose another."""
    layers = mapbox_vector_tile.decode(content) if content else {}
    held = {
        name: sorted(layer["features"], key=lambda one: (one.get("id", 0), str(one))) for name, layer in layers.items()
    }
    return {name: found for name, found in held.items() if found}


def check_archive(checks: Checks, path: Path) -> None:
    with path.open("rb") as file:
        reader, source = Reader(MmapSource(file)), MmapSource(file)
        header, told = reader.header(), reader.metadata()
        checks.same(
            "the archive is PMTiles 3 of vector tiles", (header["version"], header["tile_type"]), (3, TileType.MVT)
        )
        checks.same("it has the zooms that were asked for", (header["min_zoom"], header["max_zoom"]), ZOOMS)
        names = {layer["id"] for layer in told["vector_layers"]}
        checks.same("its metadata names the layers", names, set(LAYERS))
        west, south, east, north = (header[f"{side}_e7"] / 1e7 for side in ("min_lon", "min_lat", "max_lon", "max_lat"))
        checks.that("it says where it lies", west < 108.22 < east and south < 16.06 < north, (west, south, east, north))
        tiles = {address: content for address, content in all_tiles(source)}
        checks.that(
            "it has tiles at each zoom", {z for z, _, _ in tiles} == set(range(ZOOMS[0], ZOOMS[1] + 1)), len(tiles)
        )
        packed = header["tile_compression"] == Compression.GZIP
        step = max(1, len(tiles) // COMPARED_MAX)
        different = [
            at
            for at in list(tiles)[::step]
            if not same_as_served(at, gzip.decompress(tiles[at]) if packed else tiles[at])
        ]
        checks.that("its tiles hold what the server's tiles hold", not different, different[:5])
        absent = [at for at in ((z, 0, 0) for z in range(3, 11)) if at not in tiles and not same_as_served(at, b"")]
        checks.that("where it has no tile the server has none", not absent, absent)


def same_as_served(at: tuple[int, int, int], content: bytes) -> bool:
    z, x, y = at
    answer = Caller().answer("GET", f"/tiles/{','.join(LAYERS)}/{z}/{x}/{y}")
    return answer.status_code in (200, 204) and features(answer.content) == features(content)


def check_served(checks: Checks, path: Path) -> None:
    nobody, content = Caller(), path.read_bytes()
    asked = []

    def part(offset: int, length: int) -> bytes:
        answer = nobody.answer("GET", "/basemap.pmtiles", headers={"Range": f"bytes={offset}-{offset + length - 1}"})
        asked.append((answer.status_code, answer.headers.get("Content-Range"), len(answer.content)))
        return answer.content

    reader = Reader(part)
    z, x, y = 8, 204, 116
    found = reader.get(z, x, y)
    checks.that(
        "pmtiles reads a tile from the server by ranges", found and found == tile_of(path, z, x, y), f"{z}/{x}/{y}"
    )
    checks.same("and the metadata", reader.metadata()["vector_layers"], metadata_of(path)["vector_layers"])
    good = all(status == 206 and told and told.endswith(f"/{len(content)}") for status, told, _ in asked)
    checks.that("each range was answered as a range", good, asked[:3])
    whole = nobody.answer("GET", "/basemap.pmtiles")
    checks.same("the whole is what lies on the disk", (whole.status_code, whole.content), (200, content))
    checks.same("its type", whole.headers["Content-Type"], "application/vnd.pmtiles")
    held = nobody.answer("GET", "/basemap.pmtiles", headers={"If-None-Match": whole.headers["ETag"]})
    checks.same("what is held is not sent again", held.status_code, 304)
    for said, status in (
        (f"bytes={len(content)}-", 416),
        ("bytes=-100", 206),
        ("bytes=0-0", 206),
        ("bytes=5-2", 200),
        ("lines=1-2", 200),
    ):
        answer = nobody.answer("GET", "/basemap.pmtiles", headers={"Range": said})
        checks.same(f"Range: {said.replace(str(len(content)), 'END')}", answer.status_code, status)


def tile_of(path: Path, z: int, x: int, y: int) -> bytes:
    with path.open("rb") as file:
        return Reader(MmapSource(file)).get(z, x, y)


def metadata_of(path: Path) -> dict:
    with path.open("rb") as file:
        return Reader(MmapSource(file)).metadata()


def main() -> int:
    checks = Checks()
    served = Path(os.environ["SONGHAN_DATA"]) / "basemap.pmtiles"
    checks.same("without an archive there is no base map", Caller().answer("GET", "/basemap.pmtiles").status_code, 404)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.pmtiles"
        said = songhan("map", "pack", str(path), "--layers", ",".join(LAYERS), "--zooms", f"{ZOOMS[0]}-{ZOOMS[1]}")
        checks.that("songhan map pack says what came of it", bool(said.strip()), said)
        check_archive(checks, path)
        try:
            songhan("map", "pack", str(Path(folder) / "secret.pmtiles"), "--layers", POLYGONS)
            checks.that("a protected layer is not packed", False)
        except SystemExit as refused:
            checks.that("a protected layer is not packed", POLYGONS in str(refused), refused)
        try:
            served.write_bytes(path.read_bytes())
            check_served(checks, path)
        finally:
            served.unlink(missing_ok=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

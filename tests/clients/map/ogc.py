"""What the suites that follow OGC's abstract tests share: a server known by its landing page alone, and
enough of HTML.
"""

from __future__ import annotations

from html.parser import HTMLParser

from shared import GEOJSON, Caller, city, url


class Landing:
    """The addresses that links say, for somebody."""

    def __init__(self, who: Caller) -> None:
        self.who = who
        self.root = who.get("/ogc")
        self.collections = self.json(link(self.root, "data"))["collections"]

    def ask(self, address: str, /, accept: str = "application/json", **query: object) -> object:
        path = address.removeprefix(city.URL)
        path += ("&" if "?" in path else "?") + url("", **query)[1:] if query else ""
        return self.who.answer("GET", path, headers={"Accept": accept})

    def json(self, address: str, /, **query: object) -> dict:
        return city.read(self.ask(address, **query))

    def items(self, collection: dict, /, **query: object) -> dict:
        return self.json(link(collection, "items", GEOJSON), **query)


def link(document: dict, rel: str, kind: str | None = None) -> str:
    found = [one for one in document["links"] if one["rel"] == rel and (kind is None or one.get("type") == kind)]
    if not found:
        raise SystemExit(f"no link {rel} {kind or ''} in {document.get('id') or document.get('title')}")
    return found[0]["href"]


def rels(document: dict) -> set[str]:
    return {one["rel"] for one in document["links"]}


def typed(document: dict) -> bool:
    return all(
        one.get("rel") and one.get("type") and one.get("href", "").startswith("http") for one in document["links"]
    )


class Page(HTMLParser):
    """Enough of HTML 5 to know a whole page from a broken one."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.whole, self.titles = [], text.lstrip().lower().startswith("<!doctype html>"), 0
        self.feed(text)
        self.whole = self.whole and not self.open and self.titles >= 1

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.titles += tag == "title"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        self.whole = self.whole and bool(self.open) and self.open.pop() == tag

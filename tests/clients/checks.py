"""Checks that go on after a failure and are counted at the end, as xtask reads it."""

from __future__ import annotations


class Checks:
    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0

    def that(self, name: str, good: bool, detail: object = "") -> bool:
        """Says whether it is so; `detail` is shown when it is not."""
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        told = f": {detail}" if detail != "" and not good else ""
        print(f"{'ok  ' if good else 'FAIL'} {name}{told}", flush=True)
        return good

    def same(self, name: str, found: object, wanted: object) -> bool:
        return self.that(name, found == wanted, f"{found!r}, not {wanted!r}")

    def end(self) -> int:
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0

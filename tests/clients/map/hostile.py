"""What nobody meant to ask: some hundred odd boxes, filters, addresses of tiles, downloads and bodies, drawn from a
fixed seed. No answer is a failure of the server's, each comes in time, and afterwards the map answers as before.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from odd import request
from shared import ALL, HAI_CHAU, Caller, Checks, person

SEED, REQUESTS = 20_261_123, 480
SECONDS_MAX = 20


def main() -> int:
    checks, draw = Checks(), random.Random(SEED)
    callers = [Caller(), person(HAI_CHAU), person(ALL)]
    asked = [(draw.choice(callers), *request(draw)) for _ in range(REQUESTS)]
    before = Caller().get("/ogc/collections/trees/items?limit=1")["numberMatched"]

    def answered(one: tuple) -> tuple[str, int, float]:
        who, method, path, more = one
        begin = time.monotonic()
        # A connection of its own: callers are shared between threads.
        answer = Caller(who.token).answer(method, path, **more)
        return f"{method} {path} {more.get('data', b'')[:200]}", answer.status_code, time.monotonic() - begin

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(answered, asked))
    statuses = Counter(status for _, status, _ in answers)
    failed = [f"{status} {what[:400]}" for what, status, _ in answers if status >= 500]
    checks.that(f"none of {REQUESTS} odd requests is a failure of the server's", not failed, failed[:3])
    slow = [f"{seconds:.1f} s {what[:300]}" for what, _, seconds in answers if seconds > SECONDS_MAX]
    checks.that(f"each is answered within {SECONDS_MAX} s", not slow, slow[:3])
    checks.that("some are good, more are refused", statuses[200] > 20 and statuses[400] > 80, dict(statuses))
    after = Caller().get("/ogc/collections/trees/items?limit=1")["numberMatched"]
    made = sum(what.startswith("POST") and status == 201 for what, status, _ in answers)
    checks.same("afterwards the map has what was really made", after, before + made)
    checks.same("and the server is well", Caller().answer("GET", "/healthz").status_code, 200)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

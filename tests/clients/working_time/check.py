"""Deadlines compared with an independent computation.

Asks a running city for the due time of random cases and computes each a second time from nothing but the PyPI package
`holidays`, the corrections below, and the rules as the law states them: day by day, minute windows walked one after
the other, no table shared with the city.

    SONGHAN_URL=http://127.0.0.1:8080 python check.py [--cases 10000] [--seed 1] [--connections 8]

Cases are 2024 to 2026, the same number in each unit; one in three starts at an edge: the first or last instant of a
window, one second beside it, midnight, lunch, a day off, a make-up Saturday.
"""

from __future__ import annotations

import argparse
import calendar
import json
import os
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import holidays

HANOI = timezone(timedelta(hours=7))
WINDOWS = ((450, 690), (780, 1020))  # minutes of the day: 07:30-11:30, 13:00-17:00
UNITS = ("days", "hours", "calendar_days", "months")
YEARS = range(2023, 2028)

# What `holidays` 0.109 does not know, each with its source.
DAYS_OFF = {
    date(2026, 1, 2): "Government Office letter 12729/VPCP-KGVX of 25 December 2025: off against Saturday 10 January",
}
DAYS_WORKED = {
    date(2026, 1, 10): "Government Office letter 12729/VPCP-KGVX of 25 December 2025: made up for 2 January",
}
# What it does know and what must not get lost when the pin is raised: if one of these fails, read the decision again.
EXPECTED_OFF = {
    date(2024, 2, 14): "letter 8662/VPCP-KGVX of 3 November 2023: Lunar New Year 8 to 14 February",
    date(2024, 4, 29): "letter 2450/VPCP-KGVX of 12 April 2024: off against Saturday 4 May",
    date(2024, 9, 3): "letter 8662/VPCP-KGVX of 3 November 2023: National Day 2 and 3 September",
    date(2025, 1, 27): "letter 8726/VPCP-KGVX of 26 November 2024: Lunar New Year 25 January to 2 February",
    date(2025, 5, 2): "letter 8726/VPCP-KGVX of 26 November 2024: off against Saturday 26 April",
    date(2025, 9, 1): "letter 8726/VPCP-KGVX of 26 November 2024: National Day 1 and 2 September",
    date(2026, 2, 16): "notice of the Ministry of Home Affairs: Lunar New Year 14 to 22 February",
    date(2026, 4, 27): "Labour Code 2019, article 111.3: Hung Kings' Day 2026 falls on a Sunday",
    date(2026, 8, 31): "notice of the Ministry of Home Affairs: off against Saturday 22 August",
    date(2026, 11, 24): "Resolution 80-NQ/TW of 7 January 2026: Vietnam Cultural Day",
}
EXPECTED_WORKED = {
    date(2024, 5, 4): "letter 2450/VPCP-KGVX of 12 April 2024",
    date(2025, 4, 26): "letter 8726/VPCP-KGVX of 26 November 2024",
    date(2026, 8, 22): "notice of the Ministry of Home Affairs",
}

VIETNAM = holidays.country_holidays("VN", years=YEARS)
WORKED = set(VIETNAM.weekend_workdays) | set(DAYS_WORKED)


def works(day: date) -> bool:
    if day in WORKED:
        return True
    return day.weekday() < 5 and day not in VIETNAM and day not in DAYS_OFF


def opening(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HANOI) + timedelta(minutes=minute)


def closing(day: date) -> datetime:
    return opening(day, WINDOWS[-1][1])


def next_worked(day: date) -> date:
    """The day itself if it is worked, else the next one that is."""
    while not works(day):
        day += timedelta(days=1)
    return day


def received(at: datetime) -> datetime:
    """The instant itself in working time, else the next opening of a window. A window's last instant is outside."""
    day = at.date()
    while True:
        if works(day):
            for start, end in WINDOWS:
                if at < opening(day, end):
                    return max(at, opening(day, start))
        day += timedelta(days=1)


def add_hours(at: datetime, amount: int) -> datetime:
    left = timedelta(hours=amount)
    day = at.date()
    while True:
        if works(day):
            for start, end in WINDOWS:
                begin = max(at, opening(day, start))
                room = opening(day, end) - begin
                if room <= timedelta(0):
                    continue
                if left <= room:
                    return begin + left
                left -= room
        day += timedelta(days=1)


def add_months(day: date, amount: int) -> date:
    month = day.month - 1 + amount
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def expected(at: datetime, amount: int, unit: str) -> datetime:
    begin = received(at)
    if unit == "hours":
        return add_hours(begin, amount)
    day = begin.date()  # Civil Code article 147.2: this day is not counted
    if unit == "days":
        for _ in range(amount):
            day = next_worked(day + timedelta(days=1))
        return closing(day)
    last = day + timedelta(days=amount) if unit == "calendar_days" else add_months(day, amount)
    return closing(next_worked(last))  # article 148.5: a last day off moves on


def cases(seed: int, unit: str, number: int) -> list[tuple[datetime, int, str]]:
    chance = random.Random(f"{seed} {unit}")
    first = datetime(2024, 1, 1, tzinfo=HANOI)
    days = (date(2026, 12, 31) - date(2024, 1, 1)).days
    off = [first.date() + timedelta(days=n) for n in range(days) if not works(first.date() + timedelta(days=n))]
    special = sorted(WORKED & {first.date() + timedelta(days=n) for n in range(days)}) + sorted(EXPECTED_OFF)
    edges = [0, *(minute for window in WINDOWS for minute in window), 720, 900, 1439]
    most = {"days": 60, "hours": 400, "calendar_days": 120, "months": 11}[unit]
    made = []
    while len(made) < number:
        kind = len(made) % 6
        day = first.date() + timedelta(days=chance.randrange(days))
        if kind == 1:
            day = chance.choice(off)
        elif kind == 2:
            day = chance.choice(special) + timedelta(days=chance.choice((-1, 0, 1)))
        if kind in (0, 3):
            at = opening(day, chance.choice(edges)) + timedelta(seconds=chance.choice((-1, 0, 0, 1)))
        else:
            at = opening(day, 0) + timedelta(seconds=chance.randrange(86400))
        if first <= at:
            amount = chance.choice((1, 1, 2, 3, 5, 8, 10, 15, chance.randint(1, most)))
            made.append((at, min(amount, most), unit))
    return made


def check_corrections() -> list[str]:
    problems = [f"{day} should be off ({why})" for day, why in (DAYS_OFF | EXPECTED_OFF).items() if works(day)]
    problems += [f"{day} should be worked ({why})" for day, why in (DAYS_WORKED | EXPECTED_WORKED).items() if not works(day)]
    known = [day for day in DAYS_OFF if day in VIETNAM] + [day for day in DAYS_WORKED if day in VIETNAM.weekend_workdays]
    problems += [f"{day} is known to `holidays` by now; remove the correction" for day in known]
    return problems


LOCAL = threading.local()


def connection(url: str) -> HTTPConnection:
    """This thread's own, kept open: a session of `requests` takes longer to ask than the city to answer."""
    if not hasattr(LOCAL, "connection"):
        at = urlsplit(url)
        LOCAL.connection = HTTPConnection(at.hostname, at.port or 80, timeout=30)
    return LOCAL.connection


def ask(url: str, at: datetime, amount: int, unit: str) -> datetime:
    query = urlencode({"from": at.isoformat(), "amount": amount, "unit": unit})
    path = f"{urlsplit(url).path}/api/v1/working-time/due?{query}"
    for _ in range(50):
        line = connection(url)
        line.request("GET", path)
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 429:  # a city may limit how often it is asked
            break
        time.sleep(float(answer.headers.get("Retry-After", 1)))
    if answer.status != 200:
        raise ValueError(f"{path}: {answer.status} {text[:500]!r}")
    due = json.loads(text)["due"]
    if not due.endswith("+07:00"):
        raise ValueError(f"{due} does not end in +07:00")
    return datetime.fromisoformat(due)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--url", default=os.environ.get("SONGHAN_URL", "http://127.0.0.1:8080"))
    arguments.add_argument("--cases", type=int, default=10_000, help="in each unit")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--connections", type=int, default=8)
    options = arguments.parse_args()

    problems = check_corrections()
    for problem in problems:
        print(f"the oracle is wrong: {problem}")
    if problems:
        print(f"0 passed, {len(problems)} failed, 0 skipped")
        return 2

    asked = wrong = 0
    with ThreadPoolExecutor(options.connections) as pool:
        for unit in UNITS:
            began = time.monotonic()
            made = cases(options.seed, unit, options.cases)
            url = options.url.rstrip("/")
            answers = pool.map(lambda case: ask(url, *case), made)
            differing = 0
            for (at, amount, _), answer in zip(made, answers):
                right = expected(at, amount, unit)
                if answer != right:
                    differing += 1
                    if differing <= 10:
                        print(f"{at.isoformat()} + {amount} {unit}: {answer.isoformat()}, not {right.isoformat()}")
            asked, wrong = asked + len(made), wrong + differing
            took = time.monotonic() - began
            print(f"{unit}: {len(made)} cases, {differing} differ, {took:.1f} s", flush=True)
    print(f"{asked - wrong} passed, {wrong} failed, 0 skipped")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

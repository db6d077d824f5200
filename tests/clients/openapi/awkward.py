"""Requests that follow from no document: broken, cut off, too large, or meant to break something.

None may be answered by a 5xx, and under /api/ every refusal is a problem.
"""

from __future__ import annotations

import json
import socket
import uuid
from urllib.parse import urlsplit

import requests

import city
from checks import Checks
from city import Caller

DEEP = "[" * 100_000 + "]" * 100_000
BODIES = {
    "nested deeply": DEEP,
    "a number without end": "9" * 400,
    "no UTF-8": b'{"login":"\xff"}',
    "half a surrogate": '{"login":"\\ud800","password":"x"}',
    "a NUL": '{"login":"\\u0000","password":"x"}',
    "a NUL in a key": '{"\\u0000":1}',
    "a raw NUL": b'{"login":"\x00"}',
    "nothing": "",
    "null": "null",
    "a byte-order mark": "\ufeff{}",
    "the same key twice": '{"login":"a","login":"b","password":"c"}',
    "300 kB": json.dumps("a" * 300_000),
}
ANSWERS = {
    "copies": 1e308,
    "registered_year": -(10**30),
    "registered_at": "a" * 200_000,
    "applicant_name": "\u202eRTL \u200b <b>&\"' %s {{ 7*7 }} #let x = 1 $ \\ @cite",
    "applicant_born": "9999-12-31",
    "applicant_citizen_id": "٠٤٨١٩٠٠٠١٢٣٤",
    "record_kind": ["birth"],
    "purpose": {"a": [1]},
}
ADDRESSES = [
    "/api/v1/procedures/%FF%FE",
    "/api/v1/procedures?q=%FF",
    "/api/v1/procedures?q=%00",
    "/api/v1/procedures?q=" + "%F0%9F%98%80" * 100,
    "/api/v1/procedures?q=a&q=b",
    "/api/v1/procedures?level=999",
    "/api/v1/accounts?q=%25_%25",
    "/api/v1/accounts?q=" + "a" * 5000,
    "/api/v1/notices?before=ffffffff-ffff-ffff-ffff-ffffffffffff",
    "/api/v1/ledger/unmatched-transfers?after=9223372036854775807-x",
    "/api/v1/ledger/unmatched-transfers?after=99999999999999999999-",
    "/api/v1/working-time/due?from=-009999-01-02T01:59:59Z&amount=1&unit=hours",
    "/api/v1/working-time/due?from=9999-12-30T22:00:00.999999999Z&amount=10000&unit=months",
    "/api/v1/payments/vnpay/ipn?vnp_Amount=%F1&vnp_Amount=2&&=",
    "/track/" + "a" * 9000,
    "/track/a%2500?key=%FF",
    "/verify/%F0%28%8C%28",
    "/pay/x?key=%FF",
    "/procedures?q=" + "%E1%BB%87" * 2000,
    "/procedures/%2e%2e%2fetc%2fpasswd",
    "/dossiers?after=x",
    "/sign-in?next=%0d%0aX:1",
    "/language?to=zz&next=//elsewhere.example",
]
RAW = {
    "a negative length": b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    "a broken chunk": b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    "a token that is no text": b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
    "cookies that are no text": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: songhan_session=\xff; songhan_csrf=%00\r\n\r\n",
    "no host": b"GET /api/v1/me HTTP/1.1\r\n\r\n",
    "another's address": b"GET http://elsewhere.example/track HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method of its own": b"FOO /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n",
}


def fault(answer: requests.Response | None) -> str:
    if answer is None:
        return ""
    if answer.status_code >= 500:
        return str(answer.status_code)
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code >= 400 and "/api/" in answer.url and kind != "application/problem+json":
        return f"{answer.status_code} as {kind}"
    return ""


def check_awkward(checks: Checks, resident: Caller, administrator: Caller) -> None:
    wrong = []

    def see(what: str, answer: requests.Response | None) -> None:
        if told := fault(answer):
            wrong.append(f"{what}: {told}")

    for path in ("/api/v1/sessions", "/api/v1/accounts", "/api/v1/dossiers", "/api/v1/grants"):
        for what, body in BODIES.items():
            see(f"{path} with {what}", post(administrator, path, body))
    for question, value in ANSWERS.items():
        see(f"the answer {question}", post(resident, "/api/v1/dossiers", json.dumps(city.copy_request(**{question: value}))))
    for address in ADDRESSES:
        for caller in (Caller(), administrator):
            see(address[:80], caller.answer("GET", address, allow_redirects=False))
    for what, answer in uploads(resident).items():
        see(f"an upload of {what}", answer)
    for note in ("\0SH", "😀", "a" * 5000):
        notice = city.bank_notice("0000MOPHONG", 1000, note, f"a\0{uuid.uuid4()}")
        see(f"the bank's note {note[:5]!r}", city.tell_as_bank(notice))
    checks.that("no awkward request breaks anything", not wrong, "; ".join(wrong))
    cut = {what: first_line(request) for what, request in RAW.items()}
    bad = {what: line for what, line in cut.items() if not line.startswith("HTTP/1.1 ") or line[9] == "5"}
    checks.that("nor does one that is no HTTP", not bad, bad)


def send(caller: Caller, path: str, data: bytes, headers: dict) -> requests.Response | None:
    """The answer; none when the city hung up on a body that is larger than it takes."""
    try:
        return caller.answer("POST", path, data=data, headers=headers)
    except requests.ConnectionError:
        if len(data) < 256 * 1024:
            raise
        return None


def post(caller: Caller, path: str, body: str | bytes) -> requests.Response | None:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    return send(caller, path, data, headers)


def uploads(caller: Caller) -> dict:
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"
    names = ["a\0b.pdf", "../../etc/passwd", "a" * 5000 + ".pdf", "\u202egpj.pdf", '"; drop', ""]
    start = b'--B\r\nContent-Disposition: form-data; name="file"; filename="'
    forms = {name[:20]: start + name.encode() + b'"\r\n\r\n' + pdf + b"\r\n--B--\r\n" for name in names}
    forms["half a form"] = start + b'a.pdf"\r\n\r\n' + pdf
    forms["11 MB"] = start + b'a.pdf"\r\n\r\n%PDF-1.4\n' + b"a" * 11_000_000 + b"\r\n--B--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    return {what: send(caller, "/api/v1/uploads", form, kind) for what, form in forms.items()}


def first_line(request: bytes) -> str:
    """What the server says first to bytes that no client library would send."""
    at = urlsplit(city.URL)
    with socket.create_connection((at.hostname, at.port or 80), 30) as line:
        line.sendall(request)
        return line.recv(4096).split(b"\r\n")[0].decode("latin-1")

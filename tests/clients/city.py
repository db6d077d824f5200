"""The city as a program of someone else sees it: its API and nothing behind it."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import os
import re
import subprocess
import time
import tomllib
import uuid
from pathlib import Path
from urllib.parse import urljoin

import requests

URL = os.environ.get("SONGHAN_URL", "http://127.0.0.1:8080").rstrip("/")
PEOPLE = Path(__file__).parents[2] / "city/danang/demo/people.toml"
# Known to everyone, and taken in a demonstration alone.
BANK_SECRET = b"mo-phong-khong-co-tien-that"
# Hải Châu, where everything here is handed in.
UNIT = "ubnd-hai-chau"


class Refused(Exception):
    """An answer that was not expected, with what the city said."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        super().__init__(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:500]}")


class Caller:
    """Someone who calls the API: with a token, or as nobody."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.session = requests.Session()
        if token is not None:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def answer(self, method: str, path: str, **more: object) -> requests.Response:
        """The answer, whatever it is; when it is "too many at once", asked again after the time it says."""
        for _ in range(10):
            answer = self.session.request(method, f"{URL}{path}", timeout=60, **more)
            if answer.status_code != 429:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    def get(self, path: str) -> dict:
        return read(self.answer("GET", path, headers={"Accept": "application/json"}))

    def post(self, path: str, body: object, key: str | None = None) -> dict:
        return read(self.answer("POST", path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())}))

    def upload(self, name: str, content: bytes) -> dict:
        return read(self.answer("POST", "/api/v1/uploads", files={"file": (name, content)}))

    def act(self, code: str, action: str, **more: object) -> dict:
        return self.post(f"/api/v1/dossiers/{code}/actions/{action}", more)

    def wait_for(self, path: str, ready: callable, seconds: float = 90) -> dict:
        """Asks until it is so: documents are made by jobs."""
        end = time.monotonic() + seconds
        while not ready(found := self.get(path)):
            if time.monotonic() > end:
                raise TimeoutError(f"GET {path}: not so after {seconds:.0f} s: {json.dumps(found)[:500]}")
            time.sleep(0.3)
        return found


def read(answer: requests.Response) -> dict:
    if not answer.ok:
        raise Refused(answer)
    return answer.json() if answer.content else {}


def sign_in(login: str, password: str) -> Caller:
    return Caller(Caller().post("/api/v1/sessions", {"login": login, "password": password})["token"])


def demonstration() -> dict:
    """Everyone of the demonstration, and the password that they share."""
    return tomllib.loads(PEOPLE.read_text(encoding="utf-8"))


def person(name: str) -> Caller:
    """One of the demonstration's people, signed in."""
    people = demonstration()
    found = next(person for person in people["person"] if person["name"] == name)
    return sign_in(found["citizen_id"], people["password"])


def service(role: str) -> Caller:
    """A program with a token of its own, as `songhan token create` prints it in its last line."""
    command = [os.environ["SONGHAN_BIN"], "token", "create", "--role", role, "--data", os.environ["SONGHAN_DATA"]]
    command += ["--unit", UNIT] if role in ("officer", "leader") else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return Caller(done.stdout.strip().splitlines()[-1])


def copy_request(**more: object) -> dict:
    """A filled-in request for two copies of a civil-status record, in Hải Châu: procedure 2.000635, 16,000 đồng."""
    answers = {
        "record_kind": "birth",
        "subject": "self",
        "registered_at": "phường Phước Ninh, quận Hải Châu",
        "registered_year": 1990,
        "copies": 2,
        "purpose": "Nhập học",
        "applicant_name": "Nguyễn Thị Lan",
        "applicant_born": "1990-03-12",
        "applicant_citizen_id": "048190001234",
        "applicant_phone": "0900000101",
        "applicant_address": "Số 27 đường Lê Lợi, phường Hải Châu",
    }
    return {"procedure": "2.000635", "unit": UNIT, "answers": answers | more}


def transfer(payload: str) -> tuple[str, int, str]:
    """Account, amount and note of a VietQR code: what a bank reads from it."""
    fields = tlv(payload)
    receiver = tlv(tlv(fields["38"])["01"])
    return receiver["01"], int(fields["54"]), tlv(fields["62"])["08"]


def tlv(text: str) -> dict[str, str]:
    fields = {}
    while text:
        size = int(text[2:4])
        fields[text[:2]], text = text[4 : 4 + size], text[4 + size :]
    return fields


def bank_notice(account: str, amount: int, note: str, number: str | None = None) -> dict:
    """What the bank posts when money has come."""
    number = number or f"FT{uuid.uuid4().hex[:14].upper()}"
    return {"transaction_id": number, "account": account, "amount": amount, "description": note}


def tell_as_bank(notice: dict, secret: bytes = BANK_SECRET) -> requests.Response:
    body, now = json.dumps(notice).encode(), str(int(time.time()))
    signature = hmac.new(secret, now.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Bank-Timestamp": now, "X-Bank-Signature": signature}
    return Caller().answer("POST", "/api/v1/payments/bank-notifications", data=body, headers=headers)


def pay_by_wallet(address: str) -> requests.Response:
    """Confirm at the wallet's stand-in, which tells the city itself; `address` is where the payer is sent."""
    page = requests.get(address, timeout=30)
    page.raise_for_status()
    order = re.search(r'name="order" value="([^"]+)"', page.text)
    assert order, page.text
    decided = {"order": html.unescape(order[1]), "choice": "success"}
    return requests.post(urljoin(address, "/v2/gateway/decide"), data=decided, timeout=30, allow_redirects=False)

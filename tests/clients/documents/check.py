"""One dossier from a resident to the signed result, through the API alone; then the papers before tools of others.

A resident registers, uploads, applies and pays by transfer; the bank tells of the money; an officer accepts, handles and
proposes; a leader signs. pyHanko, pdfsig and qpdf judge receipt and result against the city's root certificate, a code
reader finds the address to verify it, and whoever opens that address is told the hash of the very file.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # what the scripts of this folder share

import check_pdf
import city
from checks import Checks
from city import Caller, Refused

PASSWORD = "thuyền thúng ra khơi"
AUTHORISATION = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def refused(checks: Checks, name: str, status: int, call: callable) -> None:
    try:
        checks.that(name, False, f"it was taken: {call()}")
    except Refused as error:
        checks.that(name, error.status == status, error)


def register(checks: Checks) -> Caller:
    """A woman born in 1995 whom nobody knows yet."""
    citizen_id = f"048195{random.SystemRandom().randrange(10**6):06d}"
    data = {"name": "Hồ Thị Mỹ Duyên", "citizen_id": citizen_id, "date_of_birth": "1995-07-19", "password": PASSWORD}
    data |= {"email": f"{uuid.uuid4().hex[:12]}@cudan.example", "address": "24 Trần Phú", "area": "20242"}
    key = str(uuid.uuid4())
    account = Caller().post("/api/v1/accounts", data, key)
    checks.same("a repeated registration makes no second account", Caller().post("/api/v1/accounts", data, key), account)
    refused(checks, "an account is made once", 409, lambda: Caller().post("/api/v1/accounts", data))
    refused(checks, "a wrong password does not sign in", 401, lambda: city.sign_in(citizen_id, PASSWORD + "!"))
    resident = city.sign_in(citizen_id, PASSWORD)
    checks.same("the new resident signs in", resident.get("/api/v1/me")["id"], account["id"])
    return resident


def submit(checks: Checks, resident: Caller) -> dict:
    procedure = resident.get("/api/v1/procedures/2.000635")
    checks.that("the procedure can be handed in online", procedure["online"] and procedure["level"] == 4)
    upload = resident.upload("giay-uy-quyen.pdf", AUTHORISATION)
    checks.same("the upload is the file", upload["sha256"], hashlib.sha256(AUTHORISATION).hexdigest())
    refused(checks, "a script is no paper", 415, lambda: resident.upload("a.pdf", b"<script>alert(1)</script>"))
    request = city.copy_request(subject="other", subject_name="Hồ Văn An", subject_born="1960-02-29")
    refused(checks, "an authorisation is asked for", 422, lambda: resident.post("/api/v1/dossiers", request))
    request["answers"]["authorisation"] = [upload["id"]]
    refused(checks, "nobody applies without an account", 401, lambda: Caller().post("/api/v1/dossiers", request))
    bare = resident.answer("POST", "/api/v1/dossiers", json=request)
    checks.same("a key is asked for", (bare.status_code, bare.json()["code"]), (400, "idempotency_key_missing"))
    key = str(uuid.uuid4())
    receipt = resident.post("/api/v1/dossiers", request, key)
    checks.same("a repeat gets the first receipt", resident.post("/api/v1/dossiers", request, key), receipt)
    other = request | {"unit": "ubnd-an-hai"}
    refused(checks, "a key is for one request", 422, lambda: resident.post("/api/v1/dossiers", other, key))
    checks.same("it is new, and two copies are due", (receipt["status"], receipt["charge"]["amount"]), (1, 16000))
    return receipt


def pay(checks: Checks, resident: Caller, charge: str) -> None:
    payment = resident.post(f"/api/v1/charges/{charge}/payments", {"channel": "vietqr"})
    notice = city.bank_notice(*city.transfer(payment["payload"]))
    forged = city.tell_as_bank(notice, b"a secret of someone else")
    checks.same("someone else's notice is refused", forged.status_code, 401)
    told = city.tell_as_bank(notice)
    checks.same("the bank's notice is taken", (told.status_code, told.json().get("outcome")), (200, "paid"))
    again = city.tell_as_bank(notice).json()
    checks.same("told again it changes nothing", (again["outcome"], again["repeated"]), ("paid", True))
    checks.same("the charge is paid", resident.get(f"/api/v1/charges/{charge}")["state"], "paid")


def handle(checks: Checks, resident: Caller, receipt: dict) -> dict:
    code, charge = receipt["code"], receipt["charge"]["id"]
    officer, leader = city.person("Phạm Minh Anh"), city.person("Huỳnh Tấn Phát")
    elsewhere = city.person("Võ Thị Thu Hà")
    path = f"/api/v1/dossiers/{code}"
    refused(checks, "an officer elsewhere does not see it", 404, lambda: elsewhere.get(path))
    refused(checks, "nothing is accepted before it is paid", 409, lambda: officer.act(code, "accept"))
    pay(checks, resident, charge)
    refused(checks, "a resident does not accept", 403, lambda: resident.act(code, "accept"))
    seen = officer.get(path)["version"]
    checks.same("the officer accepts", officer.act(code, "accept", version=seen)["status"], 2)
    refused(checks, "what came between is told", 409, lambda: officer.act(code, "process", version=seen))
    checks.same("the officer works on it", officer.act(code, "process")["state"], "processing")
    checks.same("the officer proposes", officer.act(code, "propose", note="Đủ điều kiện")["state"], "awaiting_signature")
    refused(checks, "an officer does not sign", 403, lambda: officer.act(code, "sign"))
    checks.same("the leader signs", leader.act(code, "sign")["state"], "issuing")
    done = resident.wait_for(path, lambda dossier: dossier["result"] is not None and dossier["status"] == 9)
    checks.that("it is done in time", not done["late"] and done["due_at"] is not None)
    steps = ["open", "accept", "process", "propose", "sign", "issue"]
    checks.same("the office sees every step", actions(officer, path), steps)
    steps.remove("sign")  # between "in process" and "done" nothing changes for the applicant, and nobody wrote to them
    checks.same("the applicant sees what is theirs to know", actions(resident, path), steps)
    checks.same("it is handed over", officer.act(code, "hand_over")["status"], 10)
    return done


def actions(caller: Caller, path: str) -> list[str]:
    return [step["action"] for step in caller.get(f"{path}/timeline")["steps"] if step["action"] != "take"]


def track(checks: Checks, receipt: dict) -> None:
    path = f"/track/{receipt['code']}"
    checks.that("tracking by the code names nobody", "details" not in Caller().get(path))
    known = Caller().get(f"{path}?key={receipt['receipt_key']}")
    checks.same("the receipt's key does", known["details"]["applicant_name"], "Hồ Thị Mỹ Duyên")


def judge(checks: Checks, root: Path, name: str, path: Path) -> None:
    file = str(path)
    for tool, problems in {
        "pyhanko validates": check_pdf.check_pyhanko(str(root), file, "validate"),
        "pyhanko verifies as PAdES": check_pdf.check_pyhanko(str(root), file, "adesverify"),
        "pdfsig agrees": check_pdf.check_pdfsig(file),
        "qpdf finds nothing": check_pdf.check_qpdf(file),
        "one changed byte is found": check_pdf.check_tampered(str(root), file),
    }.items():
        checks.that(f"{name}: {tool}", not problems, "; ".join(problems))


def codes(path: Path) -> list[str]:
    """The texts of the QR codes on a paper."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "150", "-png", path, f"{folder}/page"], check=True, timeout=120)
        pages = sorted(Path(folder).iterdir())
        read = subprocess.run(["zbarimg", "--quiet", "--raw", *pages], capture_output=True, text=True, timeout=120)
    return read.stdout.split()


def verify(checks: Checks, address: str, content: bytes) -> None:
    said = Caller().get(address.removeprefix(city.URL))
    checks.that("the city says it is valid", said["valid"] and said["revoked_at"] is None, said)
    checks.same("it names the hash of this file", said["sha256"], hashlib.sha256(content).hexdigest())
    checks.same("it shows initials only", said["holder"], "H. T. M. Duyên")
    refused(checks, "nobody has issued another", 404, lambda: Caller().get(f"/verify/{uuid.uuid4()}"))


def main() -> int:
    checks = Checks()
    try:
        resident = register(checks)
        receipt = submit(checks, resident)
        done = handle(checks, resident, receipt)
        track(checks, receipt)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "root.pem"
            root.write_bytes(Caller().answer("GET", "/verify/root.pem").content)
            for name in ("receipt", "result"):
                file, other = f"/dossiers/{receipt['code']}/{name}.pdf", city.person("Trần Quốc Bảo")
                answer = resident.answer("GET", file)
                if not checks.same(f"the {name} is there", (answer.status_code, answer.content[:5]), (200, b"%PDF-")):
                    continue
                refused(checks, f"the {name} is nobody else's", 404, lambda: city.read(other.answer("GET", file)))
                path = Path(folder) / f"{name}.pdf"
                path.write_bytes(answer.content)
                judge(checks, root, name, path)
                if name == "result":
                    address = done["result"]["verify_url"]
                    checks.that("its code leads to the verify page", address in codes(path), codes(path))
                    verify(checks, address, answer.content)
    except (Refused, TimeoutError, KeyError, json.JSONDecodeError) as error:
        checks.that("the thread goes on to its end", False, f"{type(error).__name__}: {error}")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())

"""schemathesis over the OpenAPI document, once without a token and once as each role.

No answer may be a 5xx, and none may have a status, a content type or a shape that the document does not name. The
requests follow from a fixed seed, so a finding can be repeated with the command it is shown with.
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

URL = os.environ["SONGHAN_URL"]
ROLES = [None, "resident", "officer", "leader", "administrator"]
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
EXAMPLES = os.environ.get("SONGHAN_SCHEMATHESIS_EXAMPLES", "15")


def token(role: str) -> str:
    """The last line that `songhan token create` prints."""
    command = [os.environ["SONGHAN_BIN"], "token", "create", "--role", role, "--data", os.environ["SONGHAN_DATA"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.strip().splitlines()[-1]


def run(role: str | None, folder: Path) -> tuple[int, int]:
    """Operations that kept the contract, and those that broke it."""
    report = folder / f"{role}.xml"
    command = ["schemathesis", "run", f"{URL}/api/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES]
    command += ["--seed", "1", "--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "30"]
    command += ["--warnings", "off", "--report", "junit", "--report-junit-path", str(report)]
    if role is not None:
        command += ["--header", f"Authorization: Bearer {token(role)}"]
    print(f"── as {role or 'nobody'}", flush=True)
    # In a folder of its own: it keeps what it found before beside the place where it runs.
    done = subprocess.run(command, cwd=folder, timeout=1500)
    if not report.exists():
        return 0, 1
    cases = list(xml.parse(report).iter("testcase"))
    broken = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    if done.returncode != 0 and broken == 0:
        broken = 1
    return max(len(cases) - broken, 0), broken


def main() -> int:
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for role in ROLES:
            kept, broken = run(role, Path(folder))
            print(f"as {role or 'nobody'}: {kept} operations kept the contract, {broken} broke it", flush=True)
            passed, failed = passed + kept, failed + broken
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

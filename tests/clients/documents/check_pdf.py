#!/usr/bin/env python3
"""Checks signed papers with tools that are not ours: pyHanko, poppler's pdfsig and qpdf.

    check_pdf.py --root root.pem FILE...

Exit code 0: every file passes every check; 1: something was refused; 2: a tool is missing.
Needs pyhanko-cli (../requirements.txt, beside this script's Python or on the PATH), poppler-utils and qpdf.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile


def tool(name: str) -> str:
    beside = pathlib.Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        print(f"{name} is missing: install requirements.txt, poppler-utils and qpdf", file=sys.stderr)
        sys.exit(2)
    return found


def run(*command: str) -> tuple[int, str]:
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return result.returncode, result.stdout + result.stderr


def signature_lines(output: str) -> list[str]:
    """pyHanko's one line a signature: FIELD:DIGEST:STATUS."""
    return [line for line in output.splitlines() if ":INTACT" in line or ":INVALID" in line or ":FAIL" in line]


def check_pyhanko(root: str, path: str, command: str, *options: str) -> list[str]:
    code, output = run(tool("pyhanko"), "sign", command, *options, "--trust", root, "--trust-replace", path)
    lines = signature_lines(output)
    problems = []
    if code != 0:
        problems.append(f"pyhanko {command} ended with {code}: {output.strip()[-400:]}")
    if not lines:
        problems.append(f"pyhanko {command} saw no signature")
    for line in lines:
        # The signer and the timestamp must both be whole and trusted.
        if line.count("INTACT:TRUSTED") != 2:
            problems.append(f"pyhanko {command}: {line}")
    return problems


def check_pdfsig(path: str) -> list[str]:
    code, output = run(tool("pdfsig"), "-nocert", path)
    # Timestamps over a whole document are nothing that poppler can judge; pyHanko does.
    blocks = [block for block in output.split("Signature #")[1:] if "Unable to validate this type" not in block]
    valid, signatures = sum("Signature is Valid" in block for block in blocks), len(blocks)
    if code != 0 or signatures == 0 or valid != signatures:
        return [f"pdfsig: {valid} of {signatures} signatures valid: {output.strip()[-400:]}"]
    return []


def check_qpdf(path: str) -> list[str]:
    code, output = run(tool("qpdf"), "--check", path)
    return [] if code == 0 else [f"qpdf --check ended with {code}: {output.strip()[-400:]}"]


def check_tampered(root: str, path: str) -> list[str]:
    """One changed byte of the content must be seen by all of it: a check that accepts anything is none."""
    data = bytearray(pathlib.Path(path).read_bytes())
    data[data.index(b"stream") + 60] ^= 1
    with tempfile.TemporaryDirectory() as folder:
        changed = pathlib.Path(folder) / "changed.pdf"
        changed.write_bytes(data)
        code, output = run(tool("pyhanko"), "sign", "validate", "--trust", root, "--trust-replace", str(changed))
        if code == 0:
            return [f"pyhanko accepts a changed byte: {output.strip()[-400:]}"]
        if not check_pdfsig(str(changed)):
            return ["pdfsig accepts a changed byte"]
    return []


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--root", required=True, help="the city's root certificate, PEM")
    arguments.add_argument("files", nargs="+", metavar="FILE")
    given = arguments.parse_args()
    failed = 0
    for path in given.files:
        problems = [
            *check_pyhanko(given.root, path, "validate"),
            *check_pyhanko(given.root, path, "adesverify"),
            *check_pdfsig(path),
            *check_qpdf(path),
            *check_tampered(given.root, path),
        ]
        failed += bool(problems)
        print(f"{'FAIL' if problems else 'ok  '} {path}")
        for problem in problems:
            print(f"     {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

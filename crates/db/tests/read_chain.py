"""A second reader of the audit chain, written from its description and not from its code.

    python3 read_chain.py songhan.db

Every batch of `audit` has a seal. Its hash is SHA-256, in hexadecimal, over the hash of the seal before (nothing before
the first) and then, for each row by `seq`: seq, at (microseconds), actor, action, subject, detail and request (empty
where there is none), each as its length in eight bytes, the highest first, and its UTF-8 bytes. Rows without a batch
have not been sealed yet and stand at the end. Exit 0: the chain holds; 1: where it is broken.
"""

import hashlib
import sqlite3
import sys

COLUMNS = "seq, at, actor, action, subject, detail, request"


def fail(what):
    print(what)
    sys.exit(1)


def main(path):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    before, last, count = "", 0, 0
    seals = db.execute("SELECT batch, rows, hash FROM audit_seals ORDER BY batch").fetchall()
    for expected, (batch, promised, sealed) in enumerate(seals, 1):
        if batch != expected:
            fail(f"the seal of batch {expected} is missing")
        rows = db.execute(f"SELECT {COLUMNS} FROM audit WHERE batch = ? ORDER BY seq", (batch,)).fetchall()
        digest = hashlib.sha256(before.encode())
        for row in rows:
            for value in row:
                part = ("" if value is None else str(value)).encode()
                digest.update(len(part).to_bytes(8, "big") + part)
        if len(rows) != promised or digest.hexdigest() != sealed:
            fail(f"batch {batch} does not match its seal")
        before, last, count = sealed, max([last] + [row[0] for row in rows]), count + len(rows)
    for (batch,) in db.execute("SELECT DISTINCT batch FROM audit WHERE batch > ?", (len(seals),)):
        fail(f"batch {batch} has rows and no seal")
    print(f"{len(seals)} seals over {count} rows hold; the last is {before}")


main(sys.argv[1])

"""Draws the 200 procedures that `labels.txt` labels: python3 draw.py national_procedures.jsonl.gz

The frame is every procedure whose channel text states a deadline (a number before ngày, tháng, giờ)
or a fee (a number before đồng, đ, VNĐ, USD) in figures.
"""
import gzip, json, random, re, sys

FIGURE = re.compile(r"\d\s*(ngày|tháng|giờ|đồng|đ\b|đ/|vnđ|vnd|việt nam đồng|usd)", re.I)
rows = [json.loads(line) for line in gzip.open(sys.argv[1], "rt", encoding="utf-8")]
frame = sorted(r["ma_thu_tuc"] for r in rows if FIGURE.search(r["cach_thuc_thuc_hien"]))
print(f"# {len(frame)} of {len(rows)} state a figure", file=sys.stderr)
for code in random.Random(20261122).sample(frame, 200):
    print(code)

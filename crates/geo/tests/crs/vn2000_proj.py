"""Writes vn2000_proj.csv: what PROJ makes of 10,000 places in every VN-2000 system. Needs pyproj."""
import sys
from pyproj import Transformer, __proj_version__
TOWGS84 = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
TM3 = {5896: 102, 5897: 105, 5898: 108, 5899: 107.75, 9205: 103, 9206: 104, 9207: 104.5, 9208: 104.75, 9209: 105.5,
       9210: 105.75, 9211: 106, 9212: 106.25, 9213: 106.5, 9214: 107, 9215: 107.25, 9216: 107.5, 9217: 108.25, 9218: 108.5}
UTM = {3405: 105, 3406: 111}
COUNT = 10_000
def tm(meridian, scale):
    return f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84={TOWGS84} +units=m +no_defs"
systems = [(code, tm(m, 0.9999)) for code, m in TM3.items()] + [(code, tm(m, 0.9996)) for code, m in UTM.items()]
class Random:  # splitmix64, as in the test
    def __init__(self, seed): self.state = seed
    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return (z ^ (z >> 31)) % n
random = Random(9)
both = {code: (Transformer.from_crs("OGC:CRS84", text, always_xy=True), Transformer.from_crs(text, "OGC:CRS84", always_xy=True)) for code, text in systems}
out = open(sys.argv[1], "w", newline="\n")
out.write(f"# Made by vn2000_proj.py with PROJ {__proj_version__}: for place i (splitmix64 from seed 9: longitude 101 + n/10^9, n below 17*10^9; latitude\n")
out.write("# 6 + n/10^9, n below 18*10^9), in system i modulo 20: easting and northing in 0.1 mm, then what the way back from these\n# rounded figures has more than the place, in 10^-12 degrees.\n")
for i in range(COUNT):
    lon, lat = 101 + random.below(17 * 10**9) / 1e9, 6 + random.below(18 * 10**9) / 1e9
    there, back = both[systems[i % len(systems)][0]]
    e, n = (round(v * 1e4) for v in there.transform(lon, lat))
    x, y = back.transform(e / 1e4, n / 1e4)
    out.write(f"{e},{n},{round((x - lon) * 1e12)},{round((y - lat) * 1e12)}\n")

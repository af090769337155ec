#!/usr/bin/env python3
"""Makes the catalogue files of nova-products from the npm package d3-celestial (BSD-3-Clause), and from OpenNGC (CC-BY-SA-4.0)
as Debian's package kstars-data has it.

    npm pack d3-celestial@0.7.35
    apt-get download kstars-data=5:3.6.2-2
    dpkg-deb --extract kstars-data_*.deb kstars-data
    python3 nova-products/catalogues/generate.py d3-celestial-0.7.35.tgz kstars-data/usr/share/kstars/OpenNGC.kscat

Writes into nova-products/src/main/resources/io/novasolve/products/catalogue; the same input gives the same bytes.
Where each file comes from is told in NOTICE, which lies beside them.
"""

import contextlib
import gzip
import io
import json
import math
import re
import sqlite3
import struct
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/main/resources/io/novasolve/products/catalogue"

# Of the galaxies with a PGC number alone only those with a name are kept: the others are faint and 70 000.
UNNAMED_LEFT_OUT = ("PGC",)

KINDS = {
    "s": "GALAXY", "s0": "GALAXY", "e": "GALAXY", "i": "GALAXY", "g": "GALAXY", "sd": "GALAXY",
    "gg": "GALAXY_CLUSTER",
    "oc": "OPEN_CLUSTER", "gc": "GLOBULAR_CLUSTER",
    "bn": "NEBULA", "en": "NEBULA", "rn": "NEBULA", "sfr": "NEBULA",
    "pos": "OTHER", "dn": "DARK_NEBULA", "pn": "PLANETARY_NEBULA", "snr": "SUPERNOVA_REMNANT",
}


# What OpenNGC.kscat calls the kinds of its objects. Numbers of the NGC and IC that are single or double stars, or that are nothing,
# are left out.
KINDS_OF_OPEN_NGC = {
    3: "OPEN_CLUSTER", 4: "GLOBULAR_CLUSTER", 5: "NEBULA", 6: "PLANETARY_NEBULA", 7: "SUPERNOVA_REMNANT", 8: "GALAXY", 13: "OTHER",
    14: "GALAXY_CLUSTER",
}

# dsos.20 gives some objects the position, magnitude and size of a neighbour: farther off than this, in arcminutes and in parts of the
# size, they are taken from OpenNGC.
OFF_ARCMIN = 1
OFF_SIZES = 0.25

# Three of those are Messier's, whose visual magnitude messier.json knows; OpenNGC's are blue.
MESSIERS = {"NGC 4486": "M87", "NGC 4192": "M98", "NGC 5866": "M102"}

# Nearer than this, in arcminutes, a number that dsos.20 lacks is one more name for an object that it has.
SAME_ARCMIN = 0.1

# The Lagoon Nebula is there twice, without a magnitude under its NGC number. M 102 is commonly taken for NGC 5866.
LAGOON_AGAIN = "NGC 6523"
MORE_NAMES = {"M 8": [LAGOON_AGAIN], "NGC 5866": ["M 102"]}

# Messier's double star, which dsos.20 leaves out; where OpenNGC has it.
WINNECKE_4 = {"id": "M 40", "properties": {"desig": "M 40", "type": "pos", "mag": 8, "dim": ""},
              "geometry": {"coordinates": [-174.4479, 58.0831]}}


def load(tar, name):
    return json.load(tar.extractfile(f"package/data/{name}.json"))


def ra(longitude):
    return longitude % 360


def number(value, digits):
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def clean(text):
    """Plain blanks and apostrophes, no direction marks; tabs and semicolons would be separators."""
    text = re.sub("[\u200e\u200f]", "", text).replace("\u2009", " ").replace("´", "'").replace("’", "'")
    return re.sub(r"\s+", " ", text.replace(";", ",")).strip()


def write_text(name, lines):
    (TARGET / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def stars(tar):
    """stars.bin.gz: the number of stars, then columns: Dec and RA in 1e-4 degrees, HIP, magnitude in 1/100, by rising Dec."""
    rows = []
    for star in load(tar, "stars.14")["features"]:
        longitude, dec = star["geometry"]["coordinates"]
        tenths = round(ra(longitude) * 10000) % 3600000
        rows.append((round(dec * 10000), tenths, int(star["id"]), round(float(star["properties"]["mag"]) * 100)))
    rows.sort()
    out = io.BytesIO()
    out.write(struct.pack(">i", len(rows)))
    # Column after column: like stands beside like, which compresses better.
    for column, form in ((0, "i"), (1, "i"), (2, "i"), (3, "h")):
        out.write(struct.pack(f">{len(rows)}{form}", *(row[column] for row in rows)))
    with open(TARGET / "stars.bin.gz", "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(out.getvalue())
    return {row[2] for row in rows}


def star_names(tar, known):
    """star-names.tsv: HIP, proper name, designation (Bayer, else Flamsteed, else variable star), HD number."""
    lines = []
    for hip, star in sorted(load(tar, "starnames").items(), key=lambda item: int(item[0])):
        if int(hip) not in known:
            continue
        constellation = clean(star.get("c", ""))
        bayer, flamsteed, variable = (clean(star.get(key, "")) for key in ("bayer", "flam", "var"))
        if bayer and constellation:
            designation = bayer + constellation
        elif flamsteed and constellation:
            designation = f"{flamsteed} {constellation}"
        elif variable and constellation:
            # The catalogue fills up with zeros: V0450 Aql is V450 Aql.
            designation = f"{re.sub('^V0+', 'V', variable)} {constellation}"
        else:
            designation = ""
        hd = re.sub(r"\D", "", star.get("hd", ""))
        name = clean(star.get("name", ""))
        if name or designation or hd:
            lines.append("\t".join((hip, name, designation, hd)))
    write_text("star-names.tsv", lines)


class Ngc:
    """An object of the NGC or IC, as OpenNGC has it."""

    def __init__(self, row):
        name, others, number_id, kind, self.ra, self.dec, self.magnitude, large, small = row
        words = [clean(word) for word in (others or "").split(",")]
        padded = re.sub(r"^(NGC|IC)0*", r"\1 ", number_id)
        self.number = padded if re.fullmatch(r"(NGC|IC) \d+", padded) else None
        self.kind = KINDS_OF_OPEN_NGC.get(kind)
        number_like = re.compile(r"(M|NGC|IC|PGC|UGC|UGC A|UGCA) \d.*")
        self.names = [word for word in words if re.fullmatch(r"(PGC|UGC) \d+", word)]
        self.common = [word for word in words if word and not number_like.fullmatch(word)]
        self.large, self.small = large or 0, small or large or 0

    def arcmin(self, right_ascension, dec):
        east = ((self.ra - right_ascension + 180) % 360 - 180) * math.cos(math.radians(dec))
        return math.hypot(east, self.dec - dec) * 60


def open_ngc(path):
    """Objects of the NGC and IC by their number."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute("select name, long_name, catalog_identifier, type, ra, dec, magnitude, major_axis, minor_axis from cat"
                          " order by catalog_identifier")
        things = [Ngc(row) for row in rows]
    return {thing.number: thing for thing in things if thing.number and thing.kind}


def deep_sky(tar, ngc):
    """deep-sky.tsv: RA and Dec in 1e-6 degrees, by rising Dec, catalogue names (first the best known), common names, kind,
    magnitude, larger and smaller size in arcminutes."""
    proper = load(tar, "dsonames")
    listed = {m["id"]: m for m in load(tar, "messier")["features"]}
    messier = {clean(m["properties"]["desig"]): clean(m["properties"]["alt"]) for m in listed.values()}
    rows = []
    for thing in load(tar, "dsos.20")["features"] + [WINNECKE_4]:
        properties = thing["properties"]
        if thing["id"] == LAGOON_AGAIN:
            continue
        designation, number_id = (re.sub("^ACO ", "Abell ", clean(name)) for name in (properties["desig"], thing["id"]))
        names = []
        for name in (designation, number_id):
            # C stands for Caldwell here; SNR for a supernova remnant, PN and PK for planetaries.
            if name not in names:
                names.append(name)
        names += MORE_NAMES.get(number_id, [])
        common = [clean(proper[key]["name"]) for key in (number_id, designation) if proper.get(key, {}).get("name")]
        if not common and messier.get(number_id) and designation.startswith("M "):
            common = [messier[number_id]]
        if number_id.startswith(UNNAMED_LEFT_OUT) and len(names) == 1 and not common:
            continue
        longitude, dec = thing["geometry"]["coordinates"]
        if abs(dec) > 90:
            print(f"left out, since its Dec is {dec}: {number_id}", file=sys.stderr)
            continue
        magnitude = float((listed[MESSIERS[number_id]] if number_id in MESSIERS else thing)["properties"]["mag"])
        sizes = [float(size) for size in str(properties["dim"]).split("x")] if properties["dim"] else []
        rows.append(Row(ra(longitude), dec, names, common, KINDS[properties["type"]], magnitude if magnitude < 99 else None,
                        max(sizes, default=0), min(sizes, default=0)))
    by_ngc(rows, ngc)
    write_text("deep-sky.tsv", sorted((row.line() for row in rows), key=lambda line: [int(f) for f in line.split("\t")[1::-1]]))


class Row:
    """A line of deep-sky.tsv."""

    def __init__(self, right_ascension, dec, names, common, kind, magnitude, large, small):
        self.names, self.common = names, common
        self.place(right_ascension, dec, kind, magnitude, large, small)

    def place(self, right_ascension, dec, kind, magnitude, large, small):
        self.ra, self.dec, self.kind, self.magnitude, self.large, self.small = right_ascension, dec, kind, magnitude, large, small

    def line(self):
        return "\t".join((
            str(round(self.ra * 1000000) % 360000000), str(round(self.dec * 1000000)), ";".join(self.names),
            ";".join(dict.fromkeys(self.common)), self.kind, "" if self.magnitude is None else number(self.magnitude, 2),
            number(self.large, 3), number(self.small, 3)))


def by_ngc(rows, ngc):
    """Puts what lies elsewhere to its place, and adds what is missing."""
    known = {}
    for row in rows:
        known.update((name, row) for name in row.names)
        thing = next((ngc[name] for name in row.names if name in ngc), None)
        if thing and thing.arcmin(row.ra, row.dec) > max(OFF_ARCMIN, OFF_SIZES * row.large):
            magnitude = row.magnitude if thing.number in MESSIERS else thing.magnitude
            row.place(thing.ra, thing.dec, thing.kind, magnitude, thing.large, thing.small)
    for name, thing in ngc.items():
        if name in known:
            continue
        near = [row for row in rows if abs(row.dec - thing.dec) < 0.01 and thing.arcmin(row.ra, row.dec) < SAME_ARCMIN
                and any(re.match("(M|NGC|IC) ", other) for other in row.names)]
        if near:
            near[0].names.append(name)
        else:
            common = [word for word in thing.common if word not in known]
            names = [name] + [other for other in thing.names if other not in known]
            rows.append(Row(thing.ra, thing.dec, names, common, thing.kind, thing.magnitude, thing.large, thing.small))


def paths(coordinates):
    return ";".join(",".join(f"{number(ra(lon), 4)} {number(dec, 4)}" for lon, dec in path) for path in coordinates)


def precession():
    """The rotation from J2000 to the equator and equinox of B1875 (Lieske et al. 1977, A&A 58, 1)."""
    t = (2405889.25855 - 2451545.0) / 36525
    zeta, z, theta = (math.radians(angle / 3600) for angle in (
        (2306.2181 + (0.30188 + 0.017998 * t) * t) * t,
        (2306.2181 + (1.09468 + 0.018203 * t) * t) * t,
        (2004.3109 - (0.42665 + 0.041833 * t) * t) * t))
    cz, sz, ct, st, ca, sa = (f(a) for a in (z, theta, zeta) for f in (math.cos, math.sin))
    return ((ca * ct * cz - sa * sz, -sa * ct * cz - ca * sz, -st * cz),
            (ca * ct * sz + sa * cz, -sa * ct * sz + ca * cz, -st * sz),
            (ca * st, -sa * st, ct))


def turned(matrix, lon, lat):
    a, d = math.radians(lon), math.radians(lat)
    v = (math.cos(d) * math.cos(a), math.cos(d) * math.sin(a), math.sin(d))
    x, y, w = (sum(row[i] * v[i] for i in range(3)) for row in matrix)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(w, math.hypot(x, y)))


def east_west(p, q):
    """From p to q along the equator of 1875: degrees of RA, and the same on the sky."""
    turn = (q[0] - p[0] + 180) % 360 - 180
    return turn, abs(turn) * math.cos(math.radians(p[1]))


def follows(p, q):
    return min(east_west(p, q)[1], abs(q[1] - p[1])) < 0.02


def dense(path):
    """Borders follow lines of RA and Dec of 1875: points every degree along those, back in J2000."""
    to_1875 = precession()
    back = tuple(zip(*to_1875))
    old = [turned(to_1875, lon, lat) for lon, lat in path]
    # Around the pole the package cuts an arc of Dec 88 short with points inside of it: the arc itself is meant.
    kept = [0]
    for i in range(1, len(path)):
        if follows(old[kept[-1]], old[i]):
            kept.append(i)
    if kept[-1] != len(path) - 1:
        sys.exit(f"the border that ends at {path[-1]} follows neither RA nor Dec of 1875")
    points = [path[0]]
    for before, i in zip(kept, kept[1:]):
        (a1, d1), (a2, d2) = old[before], old[i]
        turn, length = east_west(old[before], old[i])
        # A meridian is a great circle, so only parallels need points between.
        steps = math.ceil(length) if length > 0.02 else 1
        for step in range(1, steps):
            points.append(turned(back, a1 + turn * step / steps, d1 + (d2 - d1) * step / steps))
        points.append(path[i])
    return points


def constellations(tar):
    """constellations.tsv: abbreviation, name, figure; constellation-borders.tsv: the two neighbours, border."""
    names = {}
    for c in load(tar, "constellations")["features"]:
        # Serpens comes in two parts, which share an abbreviation and a name.
        names[c["id"]] = "Serpens" if c["id"] == "Ser" else clean(c["properties"]["name"])
    lines = {}
    for c in load(tar, "constellations.lines")["features"]:
        lines.setdefault(c["id"], []).extend(c["geometry"]["coordinates"])
    write_text("constellations.tsv", ["\t".join((key, names[key], paths(lines[key]))) for key in sorted(lines)])
    borders = [(b["ids"], paths([dense(path) for path in b["geometry"]["coordinates"]]))
               for b in load(tar, "constellations.borders")["features"]]
    write_text("constellation-borders.tsv", ["\t".join(border) for border in borders])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    TARGET.mkdir(parents=True, exist_ok=True)
    with tarfile.open(sys.argv[1]) as tar:
        star_names(tar, stars(tar))
        deep_sky(tar, open_ngc(sys.argv[2]))
        constellations(tar)
        (TARGET / "LICENSE-d3-celestial").write_bytes(tar.extractfile("package/LICENSE").read())


main()

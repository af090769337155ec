"""Opens the products of a folder with astropy and compares positions; prints 'ok' and figures, or fails."""

import json
import math
import os
import sys
import warnings

try:
    import numpy as np
    from astropy.coordinates import SkyCoord
    from astropy.io import fits
    from astropy.wcs import WCS
except ImportError:
    print("no astropy")
    sys.exit()

# Long numbers and old cards are no errors; anything about the WCS would be.
warnings.simplefilter("error")
warnings.filterwarnings("ignore", message=".*numpy.*")
# wcs.fits is a header without an image, as the original engine writes it.
warnings.filterwarnings("ignore", message=".*more axes.*")


def degrees_apart(ra1, dec1, ra2, dec2):
    """Great circle distance in degrees, exact for tiny ones."""
    def vector(ra, dec):
        a, d = np.radians(np.asarray(ra, float)), np.radians(np.asarray(dec, float))
        return np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], -1)
    u, v = vector(ra1, dec1), vector(ra2, dec2)
    return np.degrees(2 * np.arcsin(np.minimum(1, np.linalg.norm(u - v, axis=-1) / 2)))


folder = sys.argv[1]
names = sys.argv[2:]
# x y ra dec, as the WCS of the project has it.
ours = np.loadtxt(f"{folder}/positions.txt")
worst = 0.0
for name in names:
    with fits.open(f"{folder}/{name}") as hdus:
        hdus.verify("exception")
        header = next(hdu.header for hdu in hdus if "CTYPE1" in hdu.header)
        ra, dec = WCS(header, naxis=2).all_pix2world(ours[:, 0], ours[:, 1], 1)
    apart = degrees_apart(ra, dec, ours[:, 2], ours[:, 3]).max()
    worst = max(worst, apart)
    assert apart < 1e-9, f"{name} is {apart} degrees off"

with fits.open(f"{folder}/p.wcs") as hdus:
    wcs = WCS(hdus[0].header, naxis=2)

with fits.open(f"{folder}/p.corr.fits") as hdus:
    hdus.verify("exception")
    corr = hdus[1].data
    ra, dec = wcs.all_pix2world(corr["field_x"], corr["field_y"], 1)
    apart = degrees_apart(ra, dec, corr["field_ra"], corr["field_dec"]).max()
    assert len(corr) >= 3 and apart < 1e-9, f"field stars are {apart} degrees off"
    ra, dec = wcs.all_pix2world(corr["index_x"], corr["index_y"], 1)
    apart = degrees_apart(ra, dec, corr["index_ra"], corr["index_dec"]).max()
    assert apart < 1e-9, f"index stars are {apart} degrees off"

with fits.open(f"{folder}/p.rdls.fits") as hdus:
    hdus.verify("exception")
    rdls, corr_index = hdus[1].data, corr["index_id"]
    apart = degrees_apart(rdls["RA"][corr_index], rdls["DEC"][corr_index], corr["index_ra"], corr["index_dec"]).max()
    assert apart < 1e-9, f"reference stars are {apart} degrees off"

for name in names:
    original = f"{folder}/{name.replace('.new.fits', '.original.fits')}"
    if name.endswith(".new.fits") and os.path.exists(original):
        with fits.open(original) as before, fits.open(f"{folder}/{name}") as after:
            assert [type(hdu) for hdu in before] == [type(hdu) for hdu in after], f"{name} has other extensions"
            assert sum("CTYPE1" in hdu.header for hdu in after) == 1, f"{name} has several WCS"
            for old, new in zip(before, after):
                assert (old.data is None) == (new.data is None), f"{name} has other data"
                assert old.data is None or np.array_equal(old.data, new.data), f"{name} has other samples"


def cell(order, ra, dec):
    """The HEALPix cell of a position, nested: Gorski et al. 2005, section 5.3."""
    side = 1 << order
    z, t = math.sin(math.radians(dec)), (ra % 360) / 90
    if abs(z) <= 2 / 3:
        a, b = side * (0.5 + t), side * z * 0.75
        up, down = int(a - b), int(a + b)
        f, g = up // side, down // side
        face = f % 4 + 4 if f == g else f % 4 if f < g else g % 4 + 8
        x, y = down % side, side - up % side - 1
    else:
        quarter = min(3, int(t))
        part = t - quarter
        # 1 - |z| would lose digits near the poles.
        root = side * math.sqrt(3) * math.sqrt(2) * math.sin(math.radians(90 - abs(dec)) / 2)
        j = min(side - 1, int(part * root))
        k = min(side - 1, int((1 - part) * root))
        face, x, y = (quarter, side - k - 1, side - j - 1) if z > 0 else (quarter + 8, j, k)
    number = 0
    for bit in range(order):
        number |= (x >> bit & 1) << 2 * bit | (y >> bit & 1) << 2 * bit + 1
    return face * side * side + number


with fits.open(f"{folder}/p.moc.fits") as hdus:
    hdus.verify("exception")
    assert hdus[1].header["ORDERING"] == "NUNIQ"
    cells = [int(uniq) for uniq in hdus[1].data["UNIQ"]]
orders = [(uniq.bit_length() - 1) // 2 - 1 for uniq in cells]
region = {(order, uniq - (4 << 2 * order)) for order, uniq in zip(orders, cells)}
assert len(region) == len(cells) and all(0 <= number < 12 << 2 * order for order, number in region), "cells twice or none"
deepest = max(orders)
for x, y, ra, dec in ours:
    number = cell(deepest, ra, dec)
    assert any((deepest - up, number >> 2 * up) in region for up in range(deepest + 1)), f"({x}, {y}) is not in the region"
covered = sum(4 * math.pi / (12 << 2 * order) for order in orders)
# The area of the picture: that of its pixels, whose corners astropy projects.
gx, gy = np.meshgrid(np.linspace(0.5, 300.5, 61), np.linspace(0.5, 200.5, 41))
lon, lat = (np.radians(a) for a in wcs.all_pix2world(gx, gy, 1))
corner = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)
area = 0.5 * np.linalg.norm(np.cross(corner[1:, 1:] - corner[:-1, :-1], corner[1:, :-1] - corner[:-1, 1:]), axis=-1).sum()
assert area * 0.999 <= covered < area * 1.2, f"the region is {covered / area} times the picture"

with open(f"{folder}/p.objects.json", encoding="utf-8") as file:
    objects = json.load(file)
# The projection itself, inverted by astropy's own iteration.
x, y = wcs.all_world2pix([o["ra"] for o in objects], [o["dec"] for o in objects], 1, tolerance=1e-6, maxiter=100)
off = max(max(abs(px - o["pixelx"]), abs(py - o["pixely"])) for px, py, o in zip(x, y, objects))
assert len(objects) >= 5 and off < 0.1, f"objects are {off} pixels off"
print(f"ok {worst:.3g} degrees, {len(objects)} objects, {off:.3g} pixels, {len(region)} cells of {covered / area:.3f} times")

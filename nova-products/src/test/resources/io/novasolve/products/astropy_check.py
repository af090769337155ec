"""Opens the products of a folder with astropy and compares positions; prints 'ok' and figures, or fails."""

import json
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

with fits.open(f"{folder}/p.moc.fits") as hdus:
    hdus.verify("exception")
    assert hdus[1].header["ORDERING"] == "NUNIQ" and hdus[1].data["UNIQ"].min() >= 4

with open(f"{folder}/p.objects.json", encoding="utf-8") as file:
    objects = json.load(file)
# The projection itself, inverted by astropy's own iteration.
x, y = wcs.all_world2pix([o["ra"] for o in objects], [o["dec"] for o in objects], 1, tolerance=1e-6, maxiter=100)
off = max(max(abs(px - o["pixelx"]), abs(py - o["pixely"])) for px, py, o in zip(x, y, objects))
assert len(objects) >= 5 and off < 0.1, f"objects are {off} pixels off"
print(f"ok {worst:.3g} degrees, {len(objects)} objects, {off:.3g} pixels")

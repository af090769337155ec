"""Solves a picture and a star list with astroquery, pointed at another server. Arguments: server, picture, list."""
import sys

from astroquery.astrometry_net import AstrometryNet

server, picture, stars = sys.argv[1:]
client = AstrometryNet()
client.URL = server
client.API_URL = server + '/api'
client.api_key = 'abcdefghijklmnop'
# Replies are kept on disk by address, and a test server has had this address before.
client.cache_location = None

rows = [[float(v) for v in line.split()] for line in open(stars)]
header = client.solve_from_source_list(
    [r[0] for r in rows], [r[1] for r in rows], 1200, 900, solve_timeout=180,
    center_ra=84.0, center_dec=0.0, radius=20.0, scale_units='degwidth', scale_type='ul',
    scale_lower=3.0, scale_upper=12.0)
assert header, 'the list was not solved'
print('\nLIST', header['CRVAL1'], header['CRVAL2'])

header = client.solve_from_image(picture, force_image_upload=True, solve_timeout=180)
assert header, 'the picture was not solved'
print('\nPICTURE', header['CRVAL1'], header['CRVAL2'])

client = AstrometryNet()
client.URL = server
client.API_URL = server + '/api'
client.api_key = 'abcdefghijklmnop'
header = client.solve_from_source_list([10.0, 20.0, 30.0], [10.0, 25.0, 12.0], 100, 100, solve_timeout=180)
assert header == {}, header
print('\nUNSOLVED')

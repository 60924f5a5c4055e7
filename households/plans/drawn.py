"""A signature drawn on a screen: strokes as a path of SVG, of whole numbers within the canvas and nothing else."""

import re

from django.utils.translation import gettext as _

from households.actions.refusal import Refused

WIDTH, HEIGHT = 600, 200
LONGEST = 20_000
FEWEST = 8
"""Points that a signature has at least: fewer is a slip of the finger."""
STROKE = r"M(\d{1,3}) (\d{1,3})(?: L\d{1,3} \d{1,3})*"
PATH = re.compile(rf"{STROKE}(?: {STROKE})*\Z")
POINT = re.compile(r"(\d{1,3}) (\d{1,3})")


def checked(path):
    """Return the path if it is a signature; raise `Refused` otherwise, whatever was sent in its place."""
    path = path.strip()
    if not path:
        raise Refused(_("Please let the client sign in the field, or choose another way."), field="points")
    points = POINT.findall(path) if len(path) <= LONGEST and PATH.match(path) else []
    inside = all(int(x) <= WIDTH and int(y) <= HEIGHT for x, y in points)
    if len(points) < FEWEST or not inside:
        raise Refused(_("The signature could not be read. Please draw it again."), field="points")
    return path


def strokes(path):
    """Return [[(x, y), …], …] of a checked path, for printing."""
    return [[(int(x), int(y)) for x, y in POINT.findall(stroke)] for stroke in path.split("M") if stroke.strip()]

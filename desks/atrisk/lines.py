"""A line of the at-risk list as it is printed. The same Row makes the same line, so a line is drawn once and kept.

Drawing fifty lines costs more than asking the database for them. Nothing is shown from memory that was not read a
moment before through `visible_to`: what is kept is only how a Row looks.
"""

from functools import lru_cache

from django.template.loader import get_template
from django.utils.translation import get_language

from desks.atrisk.rows import Row


def line_of(row: Row, *, selectable: bool) -> str:
    """Return the table row in the language of the page; `selectable` puts a box in front, to assign a worker."""
    return _drawn(row, selectable, get_language())


@lru_cache(maxsize=4096)
def _drawn(row: Row, selectable: bool, language: str) -> str:
    return get_template("desks/list/line.html").render({"row": row, "selectable": selectable})

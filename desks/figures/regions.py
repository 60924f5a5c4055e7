"""The sixteen regions of the tile map and the centres in each: a household is counted where its centre sits."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.agencies.models import Jurisdiction, Kind

# Equal tiles, four by five, roughly where the regions lie; 충남 and 세종 are one, for one centre answers for both.
PLACES = {
    "28": (0, 0), "11": (1, 0), "41": (2, 0), "51": (3, 0),
    "44": (0, 1), "30": (1, 1), "43": (2, 1), "47": (3, 1),
    "52": (1, 2), "27": (2, 2), "31": (3, 2),
    "29": (0, 3), "46": (1, 3), "48": (2, 3), "26": (3, 3),
    "50": (1, 4),
}  # fmt: skip
JOINED = {"36": "44"}
ELSEWHERE = ""


@dataclass
class Region:
    """A region of the map: its names, its tile, and its centres {agency id: name}."""

    code: str
    name: str
    centres: dict[int | None, str]

    @property
    def place(self) -> tuple[int, int] | None:
        """Column and row of the tile, from 0; None for what lies on no tile."""
        return PLACES.get(self.code)


def regions(on: date) -> dict[str, Region]:
    """Return {code: Region} in the order of the map, with "" for centres that cover no district; one query."""
    korean = get_language() != "en"
    covered: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[int, str] = {}
    spoken: dict[str, str] = {}
    for row in _covered(on):
        code = JOINED.get(row["sido"], row["sido"])
        covered[row["agency"]][code] += row["n"]
        names[row["agency"]] = row["ko"] if korean else row["en"] or row["ko"]
        spoken[row["sido"]] = row["short"] if korean else row["latin"]
    for code, other in JOINED.items():
        spoken[other] = f"{spoken.get(other, other)}·{spoken.get(code, code)}"
    found = {code: Region(code, spoken.get(code, code), {}) for code in PLACES}
    found[ELSEWHERE] = Region(ELSEWHERE, _("No centre or region known"), {None: _("No centre answers")})
    for agency, sidos in covered.items():
        most = max(sidos, key=lambda code: sidos[code])
        found[most if most in found else ELSEWHERE].centres[agency] = names[agency]
    return found


def _covered(on):
    rows = Jurisdiction.objects.filter(agency__kind=Kind.HANA_CENTER, during__contains=on)
    return (
        rows.values(
            "agency",
            ko=F("agency__name_ko"),
            en=F("agency__name_en"),
            sido=F("district__parent__code"),
            short=F("district__parent__short"),
            latin=F("district__parent__name_en"),
        )
        .annotate(n=Count("pk"))
        .order_by("agency__name_ko", "sido")
    )

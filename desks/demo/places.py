"""Where people live: 시·군·구 of a region with their centre, and 동 that could be anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from casework.agencies.models import Agency, District, Jurisdiction, Kind
from desks.demo.marginals import table
from desks.demo.names import SYLLABLES

# More people live where the public flats are.
CROWDED = {row["district"]: float(row["weight"]) for row in table("crowded.csv")}
USUAL = {"시": 2.5, "구": 1.5, "군": 0.4}
OF_REGION = {"충남·세종": ("충남", "세종")}


@dataclass(frozen=True)
class Place:
    """One 시·군·구: its key, the key of the centre that covers it, its office, its towns."""

    district: int
    name: str
    center: int
    office: int
    towns: tuple[str, ...]
    weight: float


def places(*, on: date) -> dict[str, list[Place]]:
    """Return the places of each region of the published table, as covered on the day."""
    covering = dict(_covering(Kind.HANA_CENTER, on))
    offices = dict(_covering(Kind.CITY, on))
    found: dict[str, list[Place]] = {}
    districts = District.objects.filter(kind=District.Kind.SIGUNGU).select_related("parent").order_by("code")
    for district in districts:
        short = district.parent.short if district.parent else ""
        name = f"{short} {district.name}"
        region = next((name for name, parts in OF_REGION.items() if short in parts), short)
        place = Place(
            district=district.pk,
            name=name,
            center=covering[district.pk],
            office=offices[district.pk],
            towns=_towns(district),
            weight=CROWDED.get(name, USUAL.get(district.name[-1], 1.0)),
        )
        found.setdefault(region, []).append(place)
    return found


def _covering(kind: str, on: date) -> Iterable[tuple[int, int]]:
    rows = Jurisdiction.objects.filter(agency__kind=kind, during__contains=on).order_by("id")
    return rows.values_list("district", "agency")


def _towns(district: District) -> tuple[str, ...]:
    ending = "읍면" if district.name.endswith("군") else "동"
    random = Random(f"towns {district.code}")  # noqa: S311  (not for secrets)
    names = random.sample(SYLLABLES["town"], 6)
    return tuple(f"{name}{ending[-1] if random.random() < 0.6 else ending[0]}" for name in names)


def centres() -> list[Agency]:
    """Return the Hana Centers in the order of their keys."""
    return list(Agency.objects.centres().order_by("id"))

"""People who work in the demo: named log-ins first, then area managers, supervisors, heads and receivers everywhere."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from casework.agencies.models import Agency, District, Jurisdiction, Kind, RoleGrant, User
from casework.clock import day_begins
from desks.demo import names
from desks.demo.homes import Home
from desks.demo.marginals import apportion

MANAGERS = 124
FULL_REGISTER = 24_000
LONG_AGO = timedelta(days=900)
HOME_CENTER = "인천하나센터"
HOME_DISTRICT = "인천 남동구"

# username, name, role, agency: what `serve` prints. Everybody has the demo password.
NAMED = (
    ("caseworker", "서지훈", "case_manager", HOME_CENTER),
    ("counsellor", "한유진", "counsellor", HOME_CENTER),
    ("supervisor", "오미란", "supervisor", HOME_CENTER),
    ("head", "문태석", "centre_head", HOME_CENTER),
    ("officer", "강다솜", "residence_officer", "인천 남동구청"),
    ("town", "배현서", "town_worker", "인천 남동구 행정복지센터 (모의)"),
    ("jobcentre", "하도윤", "receiving_worker", "인천 고용센터 (모의)"),
    ("ministry", "정소라", "ministry_officer", "통일부"),
    ("foundation", "임나래", "foundation_officer", "남북하나재단"),
    ("auditor", "권세영", "privacy_auditor", "통일부"),
    ("admin", "남기범", "system_administrator", "통일부"),
    ("mindcentre", "신예슬", "receiving_worker", "인천 정신건강복지센터 (모의)"),
    ("ministry2", "송다인", "ministry_officer", "통일부"),
    ("officer2", "문가람", "residence_officer", "인천 남동구청"),
)
RECEIVING = {
    Kind.JOB_CENTRE: ("job", "receiving_worker"),
    Kind.EDUCATION_OFFICE: ("education", "receiving_worker"),
    Kind.MENTAL_HEALTH: ("mind", "receiving_worker"),
    Kind.CITY: ("officer", "residence_officer"),
    Kind.TOWN: ("town", "town_worker"),
    Kind.POLICE: ("police", "receiving_worker"),
}


@dataclass
class Staff:
    """Keys of users: area managers and counsellors by centre, who receives by agency, and names by key."""

    managers: dict[int, list[int]] = field(default_factory=dict)
    counsellors: dict[int, list[int]] = field(default_factory=dict)
    supervisors: dict[int, int] = field(default_factory=dict)
    receivers: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    women: set[int] = field(default_factory=set)
    system: int = 0


def engage(homes: list[Home], random: Random, *, on: date) -> Staff:
    """Make the users and their grants; about one area manager for 194 households, at least two in a centre."""
    towns = _town_offices(homes)
    agencies = {agency.name_ko: agency for agency in Agency.objects.order_by("id")}
    numbers = _numbers(homes)
    plan = [(*row[:3], agencies[row[3]]) for row in NAMED]
    plan += list(_of_centres([a for a in agencies.values() if a.kind == Kind.HANA_CENTER], numbers, random))
    plan += list(_of_receivers(agencies.values(), {row[3].pk for row in plan}, random))
    return _write(plan, towns, on)


def _numbers(homes: list[Home]) -> dict[int, int]:
    """Return how many area managers each centre has."""
    served = Counter(home.place.center for home in homes if home.closed_on is None)
    total = max(len(served) * 2, round(MANAGERS * sum(served.values()) / FULL_REGISTER))
    more = apportion(served, max(0, total - 2 * len(served)))
    # Two each, then by size; small centres are not left to one person.
    return {
        center: max(2, round(total * served[center] / sum(served.values()))) if total > 60 else 2 + more[center]
        for center in served
    }


def _of_centres(centres, numbers, random):
    for center in centres:
        stem = center.name_en.removesuffix(" Hana Center").replace(" ", "").lower()
        named = sum(row[2] == "case_manager" and row[3] == center.name_ko for row in NAMED)
        for place in range(named + 1, numbers.get(center.pk, 2) + 1):
            yield f"{stem}{place:02d}", _name(random), "case_manager", center
        for place in range(1, 3 if numbers.get(center.pk, 0) > 4 else 2):
            if center.name_ko != HOME_CENTER or place > 1:
                yield f"{stem}-counsellor{place}", _name(random), "counsellor", center
        if center.name_ko != HOME_CENTER:
            yield f"{stem}-supervisor", _name(random), "supervisor", center
            yield f"{stem}-head", _name(random), "centre_head", center


def _of_receivers(agencies, taken, random):
    number: Counter[str] = Counter()
    for agency in agencies:
        if agency.kind in RECEIVING and agency.pk not in taken:
            stem, role = RECEIVING[agency.kind]
            number[stem] += 1
            yield f"{stem}{number[stem]:03d}", _name(random), role, agency


def _name(random):
    return names.family(random) + names.given(random, random.choice("FFM"), born=1985)


def _write(plan, towns, on) -> Staff:
    system = User.objects.system()
    password = make_password(settings.DEMO_PASSWORD)  # once: Argon2 is slow on purpose
    users = User.objects.bulk_create(
        # No exchange in Korea is 000: these numbers are nobody's.
        User(username=username, name=name, agency=agency, password=password, is_demo=True, phone=f"032-000-{1000 + n}")
        for n, (username, name, _, agency) in enumerate(plan)
    )
    since = DateTimeTZRange(day_begins(on - LONG_AGO), None)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=row[2], during=since, granted_by=system, reason="시연용 계정")
        for user, row in zip(users, plan, strict=True)
    )
    staff = Staff(system=system.pk, names={user.pk: user.name for user in users})
    for user, (_, _, role, agency) in zip(users, plan, strict=True):
        if role == "case_manager":
            staff.managers.setdefault(agency.pk, []).append(user.pk)
        elif role == "counsellor":
            staff.counsellors.setdefault(agency.pk, []).append(user.pk)
        elif role == "supervisor":
            staff.supervisors[agency.pk] = user.pk
        elif role in {"residence_officer", "town_worker", "receiving_worker", "foundation_officer"}:
            staff.receivers.setdefault(agency.pk, user.pk)
    return staff


def _town_offices(homes: list[Home]) -> list[Agency]:
    """Make one town office in each district of Incheon and where a story is set: no list of all of them is ours."""
    wanted = {home.place.district for home in homes if home.story or home.place.name.startswith("인천")}
    districts = District.objects.filter(pk__in=wanted).select_related("parent").order_by("code")
    offices = []
    for district in districts:
        region = district.parent.short if district.parent else ""
        name = f"{region} {district.name} 행정복지센터 (모의)"
        offices.append(
            Agency(
                kind=Kind.TOWN,
                name_ko=name,
                name_en=f"{district.name_en} Town Office (simulated)",
                parent=Agency.objects.get(kind=Kind.CITY, jurisdictions__district=district),
                region=region,
                unofficial=True,
                group=Group.objects.get_or_create(name=name)[0],
            )
        )
    Agency.objects.bulk_create(offices)
    Jurisdiction.objects.bulk_create(
        Jurisdiction(agency=office, district=district, during=DateRange(None, None))
        for office, district in zip(offices, districts, strict=True)
    )
    return offices


def assign(homes: list[Home], staff: Staff, random: Random) -> None:
    """Give every household its area manager: neighbours to the same one; a few have nobody, as happens."""
    by_center: dict[int, list[Home]] = {}
    for home in homes:
        if home.closed_on is None:
            by_center.setdefault(home.place.center, []).append(home)
    for center, served in sorted(by_center.items()):
        served.sort(
            key=lambda home: (not home.shown, home.place.name != HOME_DISTRICT, home.place.name, home.town, home.number)
        )
        managers = staff.managers[center]
        counsellors = staff.counsellors[center]
        for place, home in enumerate(served):
            nobody = not home.story and not home.shown and random.random() < 0.004
            home.worker = None if nobody else managers[place * len(managers) // len(served)]
            if home.level >= 3 and random.random() < 0.4:
                home.counsellor = random.choice(counsellors)

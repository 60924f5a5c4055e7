"""A few requests to extend protection at the centre whose people log in, the council's members, two of its sittings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework.agencies.models import User
from casework.clock import add_months, day_begins, seoul_day
from households.extensions import deciding, drafting, objecting, sitting
from households.extensions.offices import offices_to_ask
from households.members import names_on
from households.models import (
    Assignment,
    ExtensionGround,
    ExtensionRequest,
    Membership,
    Particulars,
    Person,
    ProtectionPeriod,
    Sitting,
)

OFFICES = ("행정안전부", "보건복지부", "고용노동부", "교육부", "경찰청")
NAMED = ("caseworker", "officer", "ministry", "ministry2")
MORNING = timedelta(hours=10)


@dataclass
class Cast:
    """Who acts, by log-in name, and the day."""

    users: dict[str, User]
    on: date

    def ago(self, days: int) -> datetime:
        """The morning so many days before (after, when negative)."""
        return day_begins(self.on - timedelta(days=days)) + MORNING


def write(*, on: date) -> int:
    """Write them by the verbs that everybody uses; return how many there are."""
    cast = Cast({user.username: user for user in User.objects.filter(username__in=NAMED)}, on)
    found = _people(cast)
    _seats(cast)
    for story, period in zip(STORIES, found, strict=False):
        story(cast, period)
    others = ProtectionPeriod.objects.in_register_of(cast.users["officer"]).exclude(
        person__in=[period.person_id for period in found]
    )
    last = others.filter(during__upper_inf=False).order_by("during__endswith", "id").first()
    if last:
        _asked_by_the_office(cast, last)
    return len(found) + bool(last)


def _people(cast: Cast) -> list[ProtectionPeriod]:
    """Return the periods of the caseworker's people that end next, one of a household, as many as there are stories."""
    mine = Assignment.objects.current().during(cast.on).filter(worker=cast.users["caseworker"])
    members = Membership.objects.current().during(cast.on).filter(household__in=mine.order_by().values("household"))
    homes = dict(members.order_by("id").values_list("person", "household"))
    rows = ProtectionPeriod.objects.current().during(cast.on).filter(person__in=homes, during__upper_inf=False)
    found: dict[int, ProtectionPeriod] = {}
    for period in rows.order_by("during__endswith", "id"):
        found.setdefault(homes[period.person_id], period)
    return list(found.values())[: len(STORIES)]


def _seats(cast: Cast) -> None:
    by, now = cast.users["ministry"], cast.ago(300)
    sitting.seat(office="통일부차관", is_chair=True, by=by, now=now)
    for office in OFFICES:
        sitting.seat(office=f"{office} 위원 (모의)", by=by, now=now)


def _written(cast: Cast, period: ProtectionPeriod, days: int, reason: str, *codes: str, by: str = "caseworker") -> Any:
    person, now = Person.objects.get(pk=period.person_id), cast.ago(days)
    about = Particulars.objects.current().get(person=person)
    return drafting.write(
        person,
        by=cast.users[by],
        now=now,
        grounds=list(ExtensionGround.objects.filter(code__in=codes).order_by("place")),
        evidence=["진단서 사본"] if "SEVERE_ILLNESS" in codes else [],
        kind="extend",
        applicant=names_on([person.pk], cast.on).get(person.pk, person.case_number),
        born_on=about.birth_on or date(1980, 1, 1),
        place="",
        asked_until=add_months(period.during.upper - timedelta(days=1), 24),
        reason=reason,
        written_on=seoul_day(now),
    )


def _sign_and_submit(cast: Cast, made: ExtensionRequest, days: int, *, by: str = "caseworker") -> None:
    now, user = cast.ago(days), cast.users[by]
    drafting.sign(made, by=user, now=now, signature="paper", signed_on=seoul_day(now))
    drafting.submit(made, by=user, now=now)


def _received(cast: Cast, made: ExtensionRequest, days: int) -> None:
    _sign_and_submit(cast, made, days + 2)
    now = cast.ago(days)
    deciding.receive(made, by=cast.users["ministry"], now=now, received_on=seoul_day(now))


def _signed(cast: Cast, period: ProtectionPeriod) -> None:
    made = _written(cast, period, 3, "아이가 학교를 마칠 때까지 도움이 더 필요합니다.", "MINOR_CARE")
    now = cast.ago(1)
    drafting.sign(made, by=cast.users["caseworker"], now=now, signature="paper", signed_on=seoul_day(now))


def _before_the_council(cast: Cast, period: ProtectionPeriod) -> None:
    made = _written(cast, period, 30, "수술 뒤 혼자 지내고 있어 도움이 더 필요합니다.", "SEVERE_ILLNESS", "ELDERLY")
    _received(cast, made, 21)
    by = cast.users["ministry"]
    asked = cast.ago(10)
    offices = list(offices_to_ask(made, seoul_day(asked)))
    # The officer who can log in, where the person lives in that district.
    offices.sort(key=lambda office: office != cast.users["officer"].agency)
    for office in offices[:1]:
        deciding.ask_opinion(made, agency=office, by=by, now=asked)
    coming = sitting.plan(starts_at=cast.ago(-9) + timedelta(hours=4), place="회의실 (모의)", by=by, now=cast.ago(8))
    deciding.put(made, sitting=coming, by=by, now=cast.ago(7))
    sitting.announce(coming, by=by, now=cast.ago(6))


def _prepared(cast: Cast, period: ProtectionPeriod) -> None:
    made = _written(cast, period, 60, "소득이 끊겨 생활이 어렵습니다.", "LIVELIHOOD_CRISIS")
    _received(cast, made, 50)
    _deliberated(cast, made, 6)
    deciding.prepare(
        made,
        outcome="extended",
        granted_until=made.asked_until,
        reasons="소득이 끊긴 사실과 구직 상황을 확인하였고, 안정될 때까지 거주지 보호가 필요하다고 보았습니다.",
        by=cast.users["ministry"],
        now=cast.ago(2),
    )


def _objected(cast: Cast, period: ProtectionPeriod) -> None:
    made = _written(cast, period, 120, "가족과 떨어져 지내 도움이 더 필요합니다.", "OTHER")
    _received(cast, made, 110)
    _deliberated(cast, made, 80)
    ministry, second = cast.users["ministry"], cast.users["ministry2"]
    why = "제출한 자료만으로는 보호기간을 늘릴 특별한 사유를 확인하지 못하였습니다."
    deciding.prepare(made, outcome="refused", reasons=why, by=ministry, now=cast.ago(75))
    deciding.decide(made, by=second, now=cast.ago(72))
    told = ExtensionRequest.objects.get(pk=made.pk)
    way = {"told_on": seoul_day(cast.ago(70)), "told_way": "registered", "told_proof": "1234-5678-9012"}
    deciding.tell(told, by=ministry, now=cast.ago(70), **way)
    words = "그 뒤에 진단을 받아 자료를 새로 냈습니다. 다시 살펴 주십시오."
    objecting.receive(made, received_on=seoul_day(cast.ago(53)), words=words, by=ministry, now=cast.ago(53))


def _deliberated(cast: Cast, made: ExtensionRequest, days: int) -> Sitting:
    by, now = cast.users["ministry"], cast.ago(days)
    held = sitting.plan(starts_at=now, place="회의실 (모의)", by=by, now=cast.ago(days + 8))
    deciding.put(made, sitting=held, by=by, now=cast.ago(days + 7))
    sitting.announce(held, by=by, now=cast.ago(days + 6))
    sitting.attend(held, present={seat.pk for seat in sitting.members_at(held)}, by=by, now=now)
    sitting.hold(held, by=by, now=now)
    sitting.vote(held.items.get(), votes_for=4, votes_against=1, abstained=1, by=by, now=now)
    sitting.write_minutes(held, minutes="상정된 안건을 심의하고 표결하였다. (모의)", by=by, now=now)
    return sitting.close(held, by=by, now=now)


def _asked_by_the_office(cast: Cast, period: ProtectionPeriod) -> None:
    reason = "관할에서 지켜본 결과 혼자 생활하기 어려워 보호가 더 필요합니다."
    made = _written(cast, period, 12, reason, "DISABILITY", by="officer")
    _sign_and_submit(cast, made, 9, by="officer")


STORIES = (_signed, _before_the_council, _prepared, _objected)

"""Referrals in every state: what was asked, of whom, how far it came, and each step in the history."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from casework.agencies.models import Jurisdiction
from casework.audit.models import Event
from casework.clock import SEOUL, add_working_days
from casework.numbers import make_number
from desks.demo.homes import Home
from desks.demo.marginals import table
from desks.demo.staff import Staff
from referrals.models import REFERRAL_GROUPS, Referral
from referrals.routing import route
from referrals.states import Ground, Status

FULL = 1_500
NEEDS = table("requests.csv")
STATES = {
    Status.DRAFT: 3, Status.SENT: 8, Status.RECEIVED: 6, Status.ACCEPTED: 17, Status.DECLINED: 5, Status.PROVIDED: 8,
    Status.CONFIRMED: 3, Status.CLOSED: 44, Status.CANCELLED: 6,
}  # fmt: skip
# Days since it was sent, by state: most stand where they should, some have waited too long.
AGES = {Status.DRAFT: (1, 4), Status.SENT: (1, 4), Status.RECEIVED: (2, 8), Status.ACCEPTED: (5, 24)}
AGES |= {Status.DECLINED: (4, 14), Status.PROVIDED: (14, 30), Status.CONFIRMED: (18, 36)}
LONG = (40, 600)
HASTE = 6  # what is asked for the same day goes as many times as fast
REFUSED = (
    "관할이 아니어서 다른 기관에 요청해 주시기 바랍니다.",
    "올해 예산이 모두 쓰여 접수가 어렵습니다.",
    "본인이 원하지 않는다고 합니다.",
)


class Asks:
    """Makes `number` referrals for the households with a worker, the harder ones first."""

    def __init__(
        self, homes: list[Home], staff: Staff, random: Random, *, on: date, number: int, holidays: frozenset[date]
    ) -> None:
        self.staff, self.random, self.on, self.number, self.holidays = staff, random, on, number, holidays
        served = [home for home in homes if home.worker and not home.closed_on and home.members[0].status == "resident"]
        self.homes = random.choices(served, [1 + 5 * home.level for home in served], k=number)
        self.covering = self._covering()

    def _covering(self) -> dict[tuple[str, int], int]:
        rows = Jurisdiction.objects.filter(agency__in=self.staff.receivers, during__contains=self.on).order_by("id")
        return {
            (kind, district): agency
            for kind, district, agency in rows.values_list("agency__kind", "district", "agency")
        }

    def write(self) -> int:
        """Write the referrals and their history; return how many."""
        made = [self._referral(home) for home in self.homes]
        taken: set[str] = set()
        for referral in made:
            while (number := f"R-{make_number(REFERRAL_GROUPS, self.random)}") in taken:
                pass
            taken.add(number)
            referral.number = number
        made.sort(key=lambda referral: referral.recorded_at)
        Referral.objects.bulk_create(made)
        Event.objects.bulk_create(event for referral in made for event in self._history(referral))
        return len(made)

    def _referral(self, home: Home) -> Referral:
        status = self.random.choices(list(STATES), list(STATES.values()))[0]
        while True:
            asked = self.random.choices(NEEDS, [int(row["weight"]) for row in NEEDS])[0]
            kinds = asked["kinds"].split()
            to = next(
                (self.covering[k, home.place.district] for k in kinds if (k, home.place.district) in self.covering),
                None,
            )
            if to and (asked["need"] != "education" or any(one.age(self.on) < 19 for one in home.members)):
                break
        days = self.random.randint(*AGES.get(status, LONG))
        if status in AGES and route(asked["need"], self.on).same_day:
            days = -(-days // HASTE)
        sent = self._moment(self.on - timedelta(days=days))
        written = sent - timedelta(hours=2)
        ground = Ground.CONSENT if self.random.random() < 0.8 else Ground.DUTY
        referral = Referral(
            household_id=home.key,
            from_agency_id=home.place.center,
            to_agency_id=to,
            sender_id=home.worker or self.staff.system,
            status=status,
            need=asked["need"],
            title=asked["title"],
            request=asked["request"],
            ground=ground,
            recorded_at=written,
            packet=self._packet(home, ground, asked["request"], asked["hoped"], sent.date()),
        )
        return self._walked(referral, sent, asked["outcome"])

    def _packet(self, home: Home, ground: str, facts: str, hoped: str, day: date) -> dict:
        """Return what `referrals.packet.build` would have made on the day."""
        here = [one for one in home.members if one.left_on is None or one.left_on > day]
        packet = {
            "v": 1,
            "household": home.number,
            "ground": str(ground),
            "subjects": sorted(one.key for one in here),
            "members": [
                {"role": one.role, "age": one.age(day) if one.born <= day else None, "about": False, "sex": one.sex}
                for one in here
            ],
            "facts": facts,
            "hoped": hoped,
        }
        return packet | ({"consent": {"on": day.isoformat()}} if ground == Ground.CONSENT else {})

    def _walked(self, referral: Referral, sent: datetime, outcome: str) -> Referral:
        """Give the moments that the state needs; each step falls on a working day after the one before."""
        status = referral.status
        if status == Status.DRAFT:
            return referral
        referral.sent_at = sent
        far = [Status.RECEIVED, Status.ACCEPTED, Status.PROVIDED, Status.CONFIRMED, Status.CLOSED]
        steps = far.index(Status(status)) if status in far else -1
        if steps >= 0 or status == Status.DECLINED:
            referral.acknowledged_at = self._later(sent, 1)
        if steps >= 1 or status == Status.DECLINED:
            referral.answered_at = self._later(referral.acknowledged_at, 2)
        if steps >= 1:
            referral.handler_id = self.staff.receivers[referral.to_agency_id]
        if steps >= 2:
            referral.provided_at = self._later(referral.answered_at, 8)
            referral.outcome, referral.outcome_text = self.random.choice(("provided",) * 4 + ("partial",)), outcome
        if steps >= 3:
            referral.confirmed_at = self._later(referral.provided_at, 4)
        if steps >= 4:
            referral.closed_at = self._later(referral.confirmed_at, 1)
        if status == Status.CANCELLED:
            referral.reason = "본인이 다른 곳에서 도움을 받게 되었습니다."
        if status == Status.DECLINED:
            referral.reason = self.random.choice(REFUSED)
        return referral

    def _moment(self, day: date) -> datetime:
        day = add_working_days(day, 0, self.holidays)
        day = min(day, self.on - timedelta(days=1))
        return datetime.combine(day, time(self.random.randint(9, 17), self.random.randrange(60)), tzinfo=SEOUL)

    def _later(self, moment: datetime | None, at_most: int) -> datetime:
        """Return a working moment some days later, and never after the day before the register's own."""
        if moment is None:
            raise ValueError("a step comes after another")
        days = self.random.randint(0, at_most)
        later = add_working_days(moment, days, self.holidays) + timedelta(minutes=self.random.randint(5, 45))
        edge = datetime.combine(self.on, time(0), tzinfo=SEOUL) - timedelta(minutes=1)
        return max(moment + timedelta(minutes=1), min(later, edge))

    def _history(self, referral: Referral) -> Iterator[Event]:
        receiver = self.staff.receivers[referral.to_agency_id]
        sender = (referral.sender_id, referral.from_agency_id)
        answer = "declined" if referral.status == Status.DECLINED else "accepted"
        steps = [
            (referral.recorded_at, "drafted", sender, "", {}),
            (referral.sent_at, "sent", sender, "", {"ground": str(referral.ground)}),
            (referral.acknowledged_at, "acknowledged", (receiver, referral.to_agency_id), "", {}),
            (referral.answered_at, answer, (receiver, referral.to_agency_id), referral.reason, {}),
            (
                referral.provided_at,
                "outcome provided",
                (receiver, referral.to_agency_id),
                "",
                {"outcome": referral.outcome},
            ),
            (referral.confirmed_at, "confirmed", sender, "", {}),
            (referral.closed_at, "closed", sender, "", {}),
        ]
        if referral.status == Status.CANCELLED:
            steps.append((self._later(referral.sent_at, 3), "cancelled", sender, referral.reason, {}))
        for at, verb, (actor, agency), reason, data in steps:
            if at:
                yield Event(
                    at=at,
                    actor_id=actor,
                    actor_label=self.staff.names[actor],
                    agency_id=agency,
                    verb=verb,
                    subject_type="referrals.referral",
                    subject_id=referral.pk,
                    subject_label=referral.number,
                    household_id=referral.household_id,
                    reason=reason,
                    data=data,
                )

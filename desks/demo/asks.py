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
from referrals.grounds import BENEFITS
from referrals.models import REFERRAL_GROUPS, Pause, Referral, Route
from referrals.states import Ground, Status, Urgency, Waits

FULL = 1_500
NEEDS = table("requests.csv")
STATES = {
    Status.DRAFT: 3, Status.SENT: 8, Status.RECEIVED: 6, Status.ACCEPTED: 5, Status.IN_PROGRESS: 12, Status.DECLINED: 5,
    Status.PROVIDED: 8, Status.CONFIRMED: 3, Status.CLOSED: 42, Status.CANCELLED: 6, Status.ON_HOLD: 1,
    Status.DISPUTED: 1, Status.FAILED: 1, Status.REROUTED: 1,
}  # fmt: skip
# Days since it was sent, by state: most stand where they should, some have waited too long.
AGES = {
    Status.DRAFT: (1, 4),
    Status.SENT: (1, 4),
    Status.RECEIVED: (2, 8),
    Status.ACCEPTED: (3, 8),
    Status.IN_PROGRESS: (6, 24),
}
AGES |= {Status.DECLINED: (4, 14), Status.PROVIDED: (14, 30), Status.CONFIRMED: (18, 36)}
AGES |= {Status.ON_HOLD: (5, 9), Status.DISPUTED: (8, 14), Status.FAILED: (5, 8), Status.REROUTED: (2, 4)}
# How far those came that left the straight way.
CAME_TO: dict[str, str] = {
    Status.DECLINED: "answered_at", Status.REROUTED: "acknowledged_at", Status.ON_HOLD: "contacted_at",
    Status.FAILED: "contacted_at", Status.DISPUTED: "contacted_at",
}  # fmt: skip
WHY: dict[str, tuple[str, ...]] = {
    Status.CANCELLED: ("본인이 다른 곳에서 도움을 받게 되었습니다.",),
    Status.FAILED: ("본인이 다른 지역으로 옮기게 되어 진행하지 못했습니다.",),
    Status.ON_HOLD: ("본인이 서류를 준비하고 있습니다.",),
    Status.DISPUTED: ("본인이 아직 받지 못했다고 하십니다.",),
    Status.REROUTED: ("다른 기관이 맡는 업무라 이송합니다.",),
}
LONG = (40, 600)
# The moments of the way, in order, and how many working days at most lie between one and the next.
STEPS = {"acknowledged_at": 1, "answered_at": 2, "contacted_at": 2, "provided_at": 7, "confirmed_at": 4, "closed_at": 1}
FAR = [Status.RECEIVED, Status.ACCEPTED, Status.IN_PROGRESS, Status.PROVIDED, Status.CONFIRMED, Status.CLOSED]
HASTE = 6  # what is asked for the same day goes as many times as fast
REFUSED = (
    "관할이 아니어서 다른 기관에 요청해 주시기 바랍니다.",
    "올해 예산이 모두 쓰여 접수가 어렵습니다.",
    "본인이 원하지 않는다고 합니다.",
)
WHY[Status.DECLINED] = REFUSED


class Asks:
    """Makes `number` referrals for the households with a worker, the harder ones first."""

    def __init__(
        self, homes: list[Home], staff: Staff, random: Random, *, on: date, number: int, holidays: frozenset[date]
    ) -> None:
        self.staff, self.random, self.on, self.number, self.holidays = staff, random, on, number, holidays
        served = [home for home in homes if home.worker and not home.closed_on and home.members[0].status == "resident"]
        self.homes = random.choices(served, [1 + 5 * home.level for home in served], k=number)
        self.taken: set[str] = set()
        self.covering = self._covering()
        self.where = {home.key: home.place.district for home in served}
        lines = Route.objects.in_force(on).filter(district=None, urgency=Urgency.USUAL)
        self.routes = {line.need: line for line in lines}

    def _covering(self) -> dict[tuple[str, int], int]:
        rows = Jurisdiction.objects.filter(agency__in=self.staff.receivers, during__contains=self.on).order_by("id")
        return {
            (kind, district): agency
            for kind, district, agency in rows.values_list("agency__kind", "district", "agency")
        }

    def write(self) -> int:
        """Write the referrals and their history; return how many."""
        made = [self._referral(home) for home in self.homes]
        made.sort(key=lambda referral: referral.recorded_at)
        self._number(made)
        Referral.objects.bulk_create(made)
        passed_on = [self._passed_on(one) for one in made if one.status == Status.REROUTED]
        self._number(passed_on)
        made += Referral.objects.bulk_create(passed_on)
        Pause.objects.bulk_create(
            Pause(
                referral=one,
                waits_for=one.waits_for,
                during=(one.waits_since, None),
                begun_by_id=self.staff.receivers[one.to_agency_id],
            )
            for one in made
            if one.waits_for
        )
        Event.objects.bulk_create(event for referral in made for event in self._history(referral))
        return len(made)

    def _number(self, referrals: list[Referral]) -> None:
        for referral in referrals:
            while (number := f"R-{make_number(REFERRAL_GROUPS, self.random)}") in self.taken:
                pass
            self.taken.add(number)
            referral.number = number

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
        if status in AGES and self.routes[asked["need"]].same_day:
            days = -(-days // HASTE)
        sent = self._moment(self.on - timedelta(days=days))
        written = sent - timedelta(hours=2)
        agreed = self.random.random() < 0.8 or asked["need"] not in BENEFITS
        ground = Ground.CONSENT if agreed else Ground.DUTY
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
        referral.sent_at = referral.clock_from = sent
        referral.route = self.routes[referral.need]
        last = CAME_TO.get(status) or (list(STEPS)[FAR.index(Status(status))] if status in FAR else "")
        at = sent
        for name, at_most in list(STEPS.items())[: list(STEPS).index(last) + 1] if last else ():
            at = self._later(at, at_most)
            setattr(referral, name, at)
        if referral.contacted_at or status == Status.ACCEPTED:
            referral.handler_id = self.staff.receivers[referral.to_agency_id]
        if referral.provided_at or status == Status.DISPUTED:
            referral.outcome, referral.outcome_text = self.random.choice(("provided",) * 4 + ("partial",)), outcome
        if status in WHY:
            referral.reason = self.random.choice(WHY[status])
        return self._beside_the_way(referral, at)

    def _beside_the_way(self, referral: Referral, at: datetime) -> Referral:
        """Give what only those have that stand still, came back or were passed on; `at` is their last step."""
        if referral.status == Status.ON_HOLD:
            referral.waits_for, referral.waits_since = Waits.CLIENT, self._later(at, 1)
        elif referral.status == Status.FAILED:
            referral.failed_at = self._later(at, 1)
        elif referral.status == Status.REROUTED:
            referral.closed_at = self._later(at, 1)
        return referral

    def _passed_on(self, old: Referral) -> Referral:
        """Return the referral that the next agency got: the same words and packet, the first clock."""
        same = ("household_id", "from_agency_id", "sender_id", "need", "title", "request", "ground", "packet")
        district = self.where[old.household_id]
        here = (agency for (_kind, place), agency in self.covering.items() if place == district)
        to = next(agency for agency in here if agency != old.to_agency_id)
        words = {name: getattr(old, name) for name in same}
        return Referral(
            **words, to_agency_id=to, status=Status.SENT, rerouted_from=old, route=old.route, clock_from=old.clock_from,
            sent_at=old.closed_at, recorded_at=old.closed_at or old.recorded_at,
        )  # fmt: skip

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
        declined = referral.status == Status.DECLINED
        answer, said = ("declined", referral.reason) if declined else ("accepted", "")
        steps = [
            (None if referral.rerouted_from else referral.recorded_at, "drafted", sender, "", {}),
            (referral.sent_at, "sent", self._who_sent(referral), "", {"ground": str(referral.ground)}),
            (referral.acknowledged_at, "acknowledged", (receiver, referral.to_agency_id), "", {}),
            (referral.answered_at, answer, (receiver, referral.to_agency_id), said, {}),
            (referral.contacted_at, "first contact", (receiver, referral.to_agency_id), "", {}),
            (
                referral.provided_at,
                "outcome provided",
                (receiver, referral.to_agency_id),
                "",
                {"outcome": referral.outcome},
            ),
            (referral.confirmed_at, "confirmed", sender, "", {}),
            (referral.closed_at if referral.confirmed_at else None, "closed", sender, "", {}),
            *self._off_the_way(referral, (receiver, referral.to_agency_id), sender),
        ]
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

    def _who_sent(self, referral: Referral) -> tuple[int, int]:
        if (old := referral.rerouted_from) is not None:
            return self.staff.receivers[old.to_agency_id], old.to_agency_id
        return referral.sender_id, referral.from_agency_id

    def _off_the_way(self, referral: Referral, receiver: tuple, sender: tuple) -> Iterator[tuple]:
        """Yield the steps of those that were cancelled, stand still, came back, are disputed or were passed on."""
        why = referral.reason
        if referral.status == Status.CANCELLED:
            yield self._later(referral.sent_at, 3), "cancelled", sender, why, {}
        if referral.status == Status.REROUTED:
            yield referral.closed_at, "rerouted", receiver, why, {}
        if referral.status == Status.ON_HOLD:
            yield referral.waits_since, "put on hold", receiver, why, {}
        if referral.status == Status.FAILED:
            yield referral.failed_at, "failed", receiver, why, {}
        if referral.status == Status.DISPUTED:
            told = self._later(referral.contacted_at, 1)
            yield told, "outcome provided", receiver, "", {"outcome": referral.outcome}
            yield self._later(told, 1), "not received", sender, why, {}

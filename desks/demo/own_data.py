"""A few people of the centre whose people log in ask about their own data: one waits, one was refused in part and waits
for a second signature, one had sharing stopped, one wants a judgement explained."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.agencies.models import User
from casework.clock import day_begins, seoul_day
from households.models import Assignment, DataRequest, Membership, Person
from households.requests import answering, taking

NAMED = ("caseworker", "supervisor", "head")
MORNING = timedelta(hours=10)
STORIES = 4


@dataclass
class Cast:
    """Who acts, by log-in name, and the day."""

    users: dict[str, User]
    on: date

    def ago(self, days: int) -> datetime:
        """The morning so many days before."""
        return day_begins(self.on - timedelta(days=days)) + MORNING


def write(*, on: date) -> int:
    """Write them by the verbs that everybody uses; return how many there are."""
    cast = Cast({user.username: user for user in User.objects.filter(username__in=NAMED)}, on)
    people = _people(cast)
    for story, person in zip((_waits, _refused_in_part, _stopped, _asks_why), people, strict=False):
        story(cast, person)
    return len(people)


def _people(cast: Cast) -> list[Person]:
    """Return the heads of the caseworker's newest households: the stories of the demo are told of the first ones."""
    mine = Assignment.objects.current().during(cast.on).filter(worker=cast.users["caseworker"], kind="main")
    heads = Membership.objects.current().during(cast.on).filter(household__in=mine.order_by().values("household"))
    heads = heads.filter(role="head", kind="living").select_related("person").order_by("-household")[:STORIES]
    return [row.person for row in heads]


def _taken(cast: Cast, person: Person, days: int, kind: str, words: str) -> DataRequest:
    said = {"kind": kind, "words": words, "way": "person", "asker": "self"}
    now = cast.ago(days)
    return taking.take_down(person, received_on=seoul_day(now), by=cast.users["caseworker"], now=now, **said)


def _seen(cast: Cast, made: DataRequest, days: int) -> DataRequest:
    by, now = cast.users["supervisor"], cast.ago(days)
    return taking.check_identity(made, identity="document", proof_seen=False, by=by, now=now)


def _waits(cast: Cast, person: Person) -> None:
    _taken(cast, person, 8, "see", "센터가 저에 대해 무엇을 적어 두었는지 보고 싶습니다.")


def _refused_in_part(cast: Cast, person: Person) -> None:
    made = _seen(cast, _taken(cast, person, 6, "correct", "실직했다는 기록은 사실과 다릅니다. 지워 주십시오."), 5)
    answering.answer(
        made,
        outcome="partly",
        reasons="날짜는 바로잡고, 당시 상담에서 하신 말씀의 기록은 남기되 의견을 함께 적겠습니다. (모의)",
        legal_ground="개인정보 보호법 제36조 (조문 확인 필요)",
        by=cast.users["supervisor"],
        now=cast.ago(3),
    )


def _stopped(cast: Cast, person: Person) -> None:
    made = _seen(cast, _taken(cast, person, 40, "restrict", "다른 기관에 제 이야기를 알리지 말아 주십시오."), 39)
    by, words = cast.users["supervisor"], "말씀하신 대로 다른 기관에 제공하지 않고 조사에도 쓰지 않겠습니다."
    scopes = ["sharing", "surveys"]
    answering.answer(made, outcome="granted", reasons=words, scopes=scopes, by=by, now=cast.ago(36))
    answered = DataRequest.objects.get(pk=made.pk)
    answering.tell(answered, told_on=seoul_day(cast.ago(35)), told_way="handed", by=by, now=cast.ago(35))


def _asks_why(cast: Cast, person: Person) -> None:
    _seen(cast, _taken(cast, person, 2, "explain", "왜 저희 집에 자주 연락하시는지 알고 싶습니다."), 1)

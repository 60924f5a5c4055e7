"""What is on record before protection ends: reviews held, letters that arrived or came back, a wish or two.

A few people of each kind, by their keys, so that the same register has the same; the rest has nothing on record, as
after an import.
"""

from datetime import date, timedelta

from casework.clock import day_begins
from desks.demo.homes import Home
from households.models import EndNotice, EndStep, ProtectionPeriod
from households.protection.dates import LOOK_AHEAD, notice_by, steps_before

MORNING = timedelta(hours=10)
DAY = timedelta(days=1)
WISHES = ("talking", "wanted", "not_wanted")
WORDS = {
    "talking": "다음 방문에서 다시 의논하기로 했습니다.",
    "wanted": "연장을 요청하고 싶다고 합니다.",
    "not_wanted": "연장하지 않아도 된다고 합니다.",
}
UNTOLD, CAME_BACK = 7, 5
"""Of so many people who should have been told, one has no letter on record; and one got it back."""


def write(homes: list[Home], *, on: date, system: int) -> int:
    """Write steps and notices of the people whose protection ends within half a year; return how many."""
    workers = {one.key: home.worker for home in homes for one in home.members}
    rows = ProtectionPeriod.objects.ending_between(on, on + LOOK_AHEAD).order_by("during__endswith", "id")
    ends = [(person, upper - DAY) for person, upper in rows.values_list("person", "during__endswith")]
    steps = [one for place, (person, last) in enumerate(ends) for one in _steps(place, person, last, on)]
    for one in steps:
        one.recorded_by_id = workers.get(one.person_id) or system
    notices = [one for place, (person, last) in enumerate(ends) for one in _notices(place, person, last, on)]
    for letter in notices:
        letter.recorded_by_id = system
    EndStep.objects.bulk_create(steps)
    EndNotice.objects.bulk_create(notices)
    return len(steps) + len(notices)


def _steps(place: int, person: int, last: date, on: date) -> list[EndStep]:
    """Two of three people had their review, one of two of those the check at sixty days."""
    made = []
    wish = WISHES[place % len(WISHES)]
    for due in steps_before(last):
        held = due.on + timedelta(days=place % 6)
        often = {"review": place % 3 != 2, "second": place % 4 == 0}.get(due.step, False)
        if often and held <= on:
            said = {"step": due.step, "result": wish, "words": WORDS[wish], "done_on": held}
            made.append(EndStep(person_id=person, last_day=last, known_at=day_begins(held) + MORNING, **said))
    return made


def _notices(place: int, person: int, last: date, on: date) -> list[EndNotice]:
    by = notice_by(last)
    sent = by and by - timedelta(days=4 + place % 9)
    if sent is None or sent > on or place % UNTOLD == 2:
        return []
    said = {"way": "registered", "proof": f"{1_100_000_000_000 + place}", "sent_on": sent}
    known = sent
    if sent + timedelta(days=6) <= on:
        known = sent + timedelta(days=6)
        came_back = place % CAME_BACK == 3
        said |= {"returned_on": known, "returned_why": "수취인 불명"} if came_back else {"delivered_on": known}
    return [EndNotice(person_id=person, last_day=last, known_at=day_begins(known) + MORNING, **said)]

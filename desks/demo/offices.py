"""Two requests of the local government's officer about residents of the register: one taken, one that arrived."""

import uuid
from datetime import date, timedelta
from random import Random

from casework.agencies.models import Agency, User
from casework.clock import day_begins
from casework.numbers import make_number
from desks.demo.staff import HOME_CENTER
from households.models import Household, Membership, Person, Responsibility
from referrals import actions as referring
from referrals.models import REFERRAL_GROUPS, Referral
from referrals.offices import actions
from referrals.states import Ground

NAMESPACE = uuid.UUID("6a3f3a0e-4f0e-4c0b-9a53-2f6f6f0f7b11")
ASKED = (
    ("livelihood", "우편물이 되돌아옵니다. 생계에 어려움이 없는지 살펴 주시기 바랍니다.", ("acknowledge", "accept")),
    ("housing", "임대차 재계약이 다가옵니다. 필요한 서류를 함께 준비해 주시면 좋겠습니다.", ("acknowledge",)),
)


def write(*, on: date) -> int:
    """Write the requests by the verbs that everybody uses; return how many.

    Rights are today's, whatever day the demo is of: where nobody stands in the register today, none is written.
    """
    officer, boss = User.objects.get(username="officer"), User.objects.get(username="supervisor")
    centre = Agency.objects.get(name_ko=HOME_CENTER)
    duties = Responsibility.objects.current().during(on).filter(center=centre).order_by().values("household")
    living = Membership.objects.current().during(on).filter(household__in=duties, kind=Household.Kind.LIVING)
    known = Person.objects.asked_for_by(officer).filter(pk__in=living.order_by().values("person"))
    people = list(known.order_by("case_number")[: len(ASKED)])
    now, numbers = day_begins(on - timedelta(days=3)) + timedelta(hours=10), Random(f"offices {on}")  # noqa: S311
    for person, (need, request, steps) in zip(people, ASKED, strict=False):
        words = {"need": need, "request": request, "to_agency": centre, "ground": Ground.DUTY}
        key = uuid.uuid5(NAMESPACE, f"{on} {need}")
        made = actions.save_request(person, by=officer, now=now, client_key=key, **words)
        Referral.objects.filter(pk=made.pk).update(number=f"R-{make_number(REFERRAL_GROUPS, numbers)}")
        made = referring.VERBS["send"](made, by=officer, now=now)
        for hours, verb in enumerate(steps, start=1):
            made = referring.VERBS[verb](made, by=boss, now=now + timedelta(hours=hours))
    return len(people)

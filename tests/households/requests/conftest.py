"""A household of three, its worker and its counsellor, the supervisor and the head who answer."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from households.actions import assign
from households.models import DataRequest
from households.requests import answering, taking
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of

ORDER = ("received", "checked", "proposed", "answered", "told")


@pytest.fixture
def cast(db):
    """정금주 (head), 김철수 (spouse), 김유나 (child), and who works with them."""
    on = seoul_day(timezone.now())
    centre = CentreFactory(covers=["서울 관악구"], name_ko="관악 하나센터")
    worker = UserFactory(agency=centre, name="서지훈")
    household = HouseholdFactory(
        worker=worker, members=["정금주", "김철수", "김유나"], person_phone="010-0000-1234", town="신림동"
    )
    counsellor = UserFactory(agency=centre, role="counsellor", name="한마음")
    boss = UserFactory(agency=centre, role="supervisor", name="오미란")
    assign(household, worker=counsellor, kind="counsellor", on=on, by=boss)
    return SimpleNamespace(
        on=on,
        now=timezone.now(),
        centre=centre,
        worker=worker,
        counsellor=counsellor,
        boss=boss,
        head=UserFactory(agency=centre, role="centre_head", name="문센터"),
        stranger=UserFactory(name="남일꾼"),
        household=household,
        people=members_of(household),
        person=members_of(household)[0],
    )


def taken(cast, kind="see", *, days_ago=0, person=None, **words):
    """A request that the worker took down some days ago."""
    said = {"way": "person", "words": "제 기록을 보고 싶습니다.", "asker": "self", **words}
    on = cast.on - timedelta(days=days_ago)
    return taking.take_down(person or cast.person, kind=kind, received_on=on, by=cast.worker, now=cast.now, **said)


@pytest.fixture
def at(cast):
    """Return a request brought to a state by the verbs. `outcome`: how it is answered."""

    def stands(status, kind="see", *, outcome=None, scopes=(), **words):
        outcome = outcome or ("refused" if status == "proposed" else "granted")
        made = taken(cast, kind, **words)
        told = {"reasons": "말씀하신 대로 하겠습니다.", "legal_ground": "제35조제4항", "scopes": scopes}
        steps = [
            lambda one: taking.check_identity(one, identity="document", proof_seen=True, by=cast.boss, now=cast.now),
            lambda one: answering.answer(one, outcome=outcome, by=cast.boss, now=cast.now, **told),
            lambda one: answering.sign(one, by=cast.head, now=cast.now) if outcome != "granted" else one,
            lambda one: answering.tell(one, told_on=cast.on, told_way="handed", by=cast.boss, now=cast.now),
        ]
        for step in steps[: ORDER.index(status)]:
            step(made)
            made = DataRequest.objects.dated().select_related("person").get(pk=made.pk)
        return DataRequest.objects.dated().select_related("person").get(pk=made.pk)

    return stands

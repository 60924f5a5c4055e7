"""Changes of rules, as far along as a test needs them."""

from datetime import timedelta

import factory
from django.utils import timezone

from casework.agencies.models import Agency, Kind
from casework.clock import AsOf, seoul_day
from households.models import Household
from risk.changes import actions as changing
from risk.changes.proposals import latest
from risk.models import RuleChange, RuleVersion, Simulation
from tests.factories.agencies import AgencyFactory, UserFactory

PATTERN = {
    "codes": ["S01", "S05", "S07"],
    "floor": "moderate",
    "at_least": 2,
    "in_groups": 1,
    "look_back": 365,
    "weight": 20,
    "months_at_least": None,
    "amount_at_least_krw": None,
}


def line_of(household, *, before=2, after=3):
    """Return how a household stands in the sample of a simulation."""
    return {
        "household": household.pk,
        "number": household.number,
        "centre": None,
        "size": 1,
        "protected": False,
        "people": [],
        "before": before,
        "after": after,
        "score": [10, 40],
        "limit": [100, 35],
        "went": [],
        "came": [],
    }


class ChangeFactory(factory.django.DjangoModelFactory):
    """A new pattern that waits for approval, tried out on one `household`, which is to be read."""

    code = factory.Sequence(lambda n: f"P-{n + 10}")
    pattern = factory.LazyFunction(lambda: dict(PATTERN))
    name_ko, name_en = "겹친 체납", "Arrears together"
    why = "시험"
    status = "requested"
    household = None

    class Meta:
        model = RuleChange

    @classmethod
    def _create(cls, model, *, household, **fields):
        change = model.objects.create(**fields)
        effect = dict.fromkeys(("changed", "new", "new_up", "cleared", "cleared_down", "up", "down", "entered"), 0)
        Simulation.objects.create(
            change=change,
            numbers=change.numbers,
            on=seoul_day(timezone.now()),
            known_by=timezone.now(),
            seconds=0.1,
            households=1,
            result={**effect, "v": 2, "households": 1, "left": 0, "moves": [[2, 3, 1]], "centres": [], "workers": []},
            sample=[line_of(household)],
            rests_on=RuleVersion.objects.standing(on=seoul_day(timezone.now())),
            recorded_by=change.proposed_by,
        )
        return change


def officer(name="송다인"):
    """Return a Ministry officer, who may change criteria."""
    ministry = Agency.objects.filter(kind=Kind.MINISTRY).first() or AgencyFactory(kind=Kind.MINISTRY)
    return UserFactory(name=name, agency=ministry, role="ministry_officer")


def as_now():
    """Return the question of this moment, as the page asks it."""
    return AsOf.live(timezone.now())


def proposal(code, *, off=False, pattern=None, **numbers):
    """Return the unsaved version that a change of `code` would be."""
    base = latest(code)
    return RuleVersion(
        code=code,
        version=base.version + 1 if base else 1,
        parameters={**(base.parameters if base else {}), **numbers},
        off=off,
        pattern=pattern,
        name_ko="겹친 체납" if pattern else "",
        name_en="Arrears together" if pattern else "",
    )


def change_of(code="R-RENT-ARR", *, by, why="두 달이 밀리면 이미 늦습니다", stands="draft", **content):
    """Return a change by `by`, as far as `stands`: draft, simulated, read or requested. `content` as for `propose`."""
    change = changing.propose(code, by=by, why=why, **(content or {"numbers": {"months": 2}}))
    if stands == "draft":
        return change
    changing.try_out(change, by=by, as_of=as_now())
    change.refresh_from_db()
    if stands == "simulated":
        return change
    read_all(change, by=by)
    return changing.request(change, by=by, now=timezone.now()) if stands == "requested" else change


def read_all(change, *, by):
    """Let somebody read every household of the sample and find the change right for it."""
    for line in change.last_simulation().sample:
        changing.read(change, Household.objects.get(pk=line["household"]), verdict="right", words="", by=by)


def approved(change, *, by, days=1):
    """Approve a requested change from `days` days ahead, read by whoever approves; return the version."""
    read_all(change, by=by)
    today = seoul_day(timezone.now())
    return changing.approve(change, by=by, starts_on=today + timedelta(days=days), today=today, now=timezone.now())

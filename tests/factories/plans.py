"""Assessments, and plans brought to a state by the verbs that everybody uses."""

from datetime import timedelta

import factory
from django.utils import timezone

from casework.clock import seoul_day
from households.models import NeedsAssessment
from households.models.assessment import Domain
from households.plans import actions, writing
from tests.factories.households import HouseholdFactory, members_of, system

GOALS = ({"domain": "work", "client_words": "다시 일하고 싶어요.", "words": "구직 준비"},)


class AssessmentFactory(factory.django.DjangoModelFactory):
    """A first assessment of today in which every domain stands as `level` unless it is said otherwise."""

    household = factory.SubFactory(HouseholdFactory)
    recorded_by = factory.LazyFunction(system)
    kind = "first"
    level = "none"
    assessed_on = factory.LazyFunction(lambda: seoul_day(timezone.now()))
    client_words = "혼자 있는 시간이 길어요."

    class Meta:
        model = NeedsAssessment

    @classmethod
    def _create(cls, model, *, level, **fields):
        return model.objects.create(**{**dict.fromkeys(Domain.values, level), **fields})


def drafted(household, *, by, goals=GOALS, step="구직 상담 함께 가기", person=None):
    """A plan that is being written, with a step of the worker towards its first goal, due in a week."""
    now = timezone.now()
    plan = writing.begin(household, by=by, now=now, person=person, wish="제 힘으로 살고 싶어요.", goals=goals)
    if step:
        due = seoul_day(now) + timedelta(days=7)
        actions.add_step(plan.goals.first(), what=step, owner=by, due_on=due, by=by, now=now)
    plan.refresh_from_db()
    return plan


def live_plan(household, *, by, on=None, **more):
    """A plan to which the client agreed on paper, today or on a day."""
    plan, now = drafted(household, by=by, **more), timezone.now()
    told = {"way": "paper", "witness": "김담당", "signed_on": on or seoul_day(now)}
    person = plan.person or members_of(household)[0]
    actions.agree(plan, version=plan.version, person=person, by=by, now=now, **told)
    return type(plan).objects.with_next_review().select_related("household").get(pk=plan.pk)

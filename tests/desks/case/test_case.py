"""The page of a case: the rooms of the work with one household, for the centre that keeps its file."""

from datetime import date

from django.db.models import Value
from django.urls import reverse

from casework.audit.models import AccessLog
from desks.case import sections
from desks.case.section import Line, Section
from desks.day import due
from desks.day.due import Due, Scope, Source, due_of, due_rows, home_of
from households.models import EndStep, Household
from tests.factories import HouseholdFactory, ShareFactory
from tests.factories.endings import before_the_end
from tests.factories.households import members_of


def page(client, user, household):
    client.force_login(user)
    return client.get(reverse("desks:case", args=[household.number]))


def test_the_case_is_open_to_the_centre_that_keeps_the_file_and_looking_is_logged(client, kim):
    household = HouseholdFactory(worker=kim, members=["한송이"])
    answer = page(client, kim, household)
    assert "한송이" in answer.content.decode()
    seen = AccessLog.objects.latest("id")
    assert (seen.households, seen.subjects) == ([household.pk], [members_of(household)[0].pk])


def test_a_share_does_not_open_the_case(client, kim):
    household = HouseholdFactory()
    ShareFactory(household=household, to_user=kim)
    assert page(client, kim, household).status_code == 404


def test_a_section_stands_on_the_page_with_its_lines_and_buttons(client, kim, monkeypatch):
    household = HouseholdFactory(worker=kim)
    shown = Section("계획", "plan", [Line("목표", "진행 중", "/plan/")], acts=[("새 계획", "/plan/new/")])
    monkeypatch.setattr(sections, "SECTIONS", (lambda *_: shown, lambda *_: None))
    found = page(client, kim, household).content.decode()
    assert "진행 중" in found
    assert 'href="/plan/new/"' in found


def steps(scope):
    """The steps before the end as a source: due on the last day."""
    rows = EndStep.objects.filter(step="review").annotate(home=home_of("person", scope.on))
    rows = rows.filter(home__in=scope.households)
    return due_rows(rows, "step", day="last_day", household="home", person="person", words="step")


def test_what_is_due_from_several_sources_is_one_query_the_earliest_first(kim, django_assert_num_queries):
    household = HouseholdFactory(worker=kim, under_protection=True)
    person = members_of(household)[0]
    before_the_end(person, kim)
    step = EndStep.objects.get(step="review")
    late = Source("late", "-", lambda scope: due_rows(step_rows(), "late", day=Value(date(2020, 1, 1))), lambda *_: "")
    source = Source("step", "-", steps, lambda one, number: f"/{number}/{one.key}/")
    scope = Scope(kim, Household.objects.filter(pk=household.pk).values("pk"), step.done_on)
    with django_assert_num_queries(1):
        first, second = due_of((source, late), scope)
    assert first == Due("late", None, None, str(step.pk), "", date(2020, 1, 1))
    assert first.late(step.done_on)
    assert second == Due("step", household.pk, person.pk, str(step.pk), "review", step.last_day)


def step_rows():
    return EndStep.objects.filter(step="review")


def test_without_sources_nothing_is_asked(kim, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert due.due_of((), Scope(kim, Household.objects.none(), date(2026, 1, 1))) == []

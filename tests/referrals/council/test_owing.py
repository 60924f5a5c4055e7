"""Who owes what a meeting decided: one person of an office, the agency of one who left, nobody after a cancellation."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.workflow import NotNow
from households.actions import Refused
from referrals.council import actions, deciding
from referrals.council.shown import owed_by
from referrals.models import CouncilDecision, CouncilMember, Referral
from tests.factories import CentreFactory, UserFactory
from tests.referrals.council.conftest import agrees, moved, owed, task, to_refer, url_of


@pytest.fixture
def alone(begun, council, people):
    """Return a colleague of the one person of another office to whom the household is shown."""
    agrees(begun.household, people.police)
    actions.seat(council, agency=people.police, user=people.inspector, by=people.officer, now=timezone.now())
    return UserFactory(agency=people.police, role="residence_officer")


@pytest.mark.django_db
def test_where_one_person_is_shown_a_household_nobody_else_there_is_asked(page, begun, decide, people, alone):
    for owner in (None, alone):
        with pytest.raises(Refused, match="남기범"):
            decide(begun, **task(people, owner_agency=people.police, owner=owner))
    made = decide(begun, **task(people, owner_agency=people.police, owner=people.inspector))
    assert owed(people.inspector) == [made]
    CouncilDecision.objects.filter(pk=made.pk).update(owner=None)
    assert not owed(alone)
    assert not CouncilDecision.objects.visible_to(alone).exists()


@pytest.mark.django_db
def test_the_form_offers_that_person_only(page, begun, council, people, alone):
    CouncilMember.objects.update(during=DateRange(timezone.localdate() - timedelta(days=9), None))
    form = page.get(people.officer, reverse("referrals:meeting", args=[begun.meeting.number])).context["items"][0][
        "form"
    ]
    offered = {value for _group, rows in form.fields["whom"].choices[1:] for value, _label in rows}
    assert f"u{people.inspector.pk}" in offered
    assert not offered & {f"a{people.police.pk}", f"u{alone.pk}"}


@pytest.mark.django_db
def test_a_task_falls_to_the_agency_when_its_person_has_left(begun, decide, people):
    colleague = UserFactory(agency=people.jobs, role="receiving_worker")
    made = decide(begun, **task(people, owner=people.helper))
    assert not owed(colleague)
    people.helper.is_active = False
    people.helper.save()
    assert owed(colleague) == [made]
    people.helper.is_active, people.helper.agency = True, people.city
    people.helper.save()
    assert owed(colleague) == [made]
    deciding.done(made, by=colleague, now=timezone.now())
    assert not owed(colleague)


@pytest.mark.django_db
def test_a_cancelled_meeting_asks_nothing_of_anybody(sent, decide, people):
    made, asked = decide(sent, **task(people)), decide(sent, **to_refer(people))
    assert owed(people.helper)
    actions.cancel(sent.meeting, by=people.officer, now=timezone.now(), reason="겹칩니다.")
    assert not owed(people.helper)
    assert not owed(people.worker)
    with pytest.raises(NotNow):
        deciding.done(made, by=people.helper, now=timezone.now())
    with pytest.raises(NotNow):
        deciding.refer(asked, by=people.worker, now=timezone.now())


@pytest.mark.django_db
def test_a_referral_is_not_owed_by_a_centre_that_answers_no_more(begun, decide, people):
    decide(begun, **to_refer(people))
    assert owed(people.worker)
    moved(begun.household, CentreFactory(), people.boss)
    assert not owed(people.worker)


@pytest.mark.django_db
def test_who_cannot_open_the_household_writes_no_referral(page, begun, decide, people):
    colleague = UserFactory(agency=people.centre, role="case_manager")
    made = decide(begun, **to_refer(people, owner=None))
    assert page.post(colleague, url_of(made, "refer")).status_code == 403
    assert not Referral.objects.exists()
    mine = {row["decision"]: row["mine"] for row in owed_by(colleague, timezone.now())}
    assert mine == {made: False}
    assert [row["mine"] for row in owed_by(people.worker, timezone.now())] == [True]


@pytest.mark.django_db
def test_who_has_no_other_desk_finds_the_task_in_the_inbox(page, begun, decide, people):
    decide(begun, **task(people))
    decide(begun, **task(people, owner_agency=people.city, what="긴급복지를 검토합니다."))
    assert "취업 상담을 합니다." in page.get(people.helper, reverse("referrals:inbox")).content.decode()
    assert "긴급복지를 검토합니다." not in page.get(people.officer, reverse("referrals:inbox")).content.decode()

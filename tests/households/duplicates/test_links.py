"""Links of two records: proposed, confirmed by a second person, declined, undone; and what cannot be linked."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from casework.audit.models import Event
from casework.touched import Touched
from casework.workflow import NotNow, NotYours
from households import actions as register
from households.actions.refusal import NotAllowed, Refused
from households.duplicates import actions
from households.duplicates.workflow import is_second
from households.members import marked_among
from households.models import Membership, PersonLink, PersonName, PersonsApart
from risk.models import Standing
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.closings import closed
from tests.factories.households import members_of
from tests.factories.links import linked, twins

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def rows_of(person):
    """Everything the register holds of a person, version by version."""
    return [list(model.objects.filter(person=person).order_by("id").values()) for model in (PersonName, Membership)]


def test_a_link_of_two_households_waits_for_a_second_person(kim, boss):
    one, two = twins(kim)
    made = actions.propose(one, two, reason="본인이 두 번 등록되었다고 말씀하심", by=kim, now=NOW)
    assert (made.status, made.needs_second, made.linked_at) == ("proposed", True, None)
    with pytest.raises(NotYours):
        actions.confirm(made, by=kim, now=NOW)
    made = actions.confirm(made, by=boss, now=NOW)
    assert (made.status, made.linked_by) == ("linked", boss)
    assert set(_touched()) >= set(_homes(one, two))
    assert Event.objects.filter(verb="link_linked", subject_id__in=(one.pk, two.pk)).count() == 2


def _touched():
    return Touched.objects.values_list("household_id", flat=True)


def _homes(*people):
    return Membership.objects.current().filter(person__in=people).values_list("household", flat=True)


def test_two_records_in_one_household_are_linked_at_once(kim):
    one, two = twins(kim, same_home=True)
    assert actions.propose(one, two, reason="두 번 적힘", by=kim, now=NOW).status == "linked"


def test_the_same_proposal_again_returns_the_link_and_nothing_is_done_twice(kim, boss):
    one, two = twins(kim)
    made = actions.propose(one, two, reason="같은 분", by=kim, now=NOW)
    assert actions.propose(one, two, reason="같은 분", by=boss, now=NOW) == made
    actions.confirm(made, by=boss, now=NOW)
    with pytest.raises(NotNow):
        actions.confirm(made, by=boss, now=NOW)
    assert PersonLink.objects.count() == 1


def test_a_link_is_undone_in_one_step_and_everything_is_as_before(kim, boss):
    one, two = twins(kim)
    before = [rows_of(person) for person in (one, two)]
    made = linked(one, two, by=kim, second=boss)
    Touched.objects.all().delete()
    made = actions.undo(made, reason="다른 분으로 확인됨", by=kim, now=NOW)
    assert (made.status, made.ended_why) == ("undone", "다른 분으로 확인됨")
    assert [rows_of(person) for person in (one, two)] == before
    assert set(_touched()) >= set(_homes(one, two))
    assert linked(two, one, by=kim, second=boss).status == "linked"  # it can be linked again, the other way round


def test_a_declined_link_says_why_and_leaves_both(kim, boss):
    one, two = twins(kim)
    made = actions.propose(one, two, reason="같은 분", by=kim, now=NOW)
    with pytest.raises(Refused):
        actions.decline(made, reason=" ", by=boss, now=NOW)
    assert actions.decline(made, reason="생일이 다름", by=boss, now=NOW).status == "declined"


def test_links_make_no_chains(kim, boss):
    one, two = twins(kim)
    three, four = twins(kim, names=("이영이", "이영히"))
    linked(one, two, by=kim, second=boss)
    for kept, duplicate in ((two, three), (three, one), (three, two)):
        with pytest.raises(Refused) as refused:
            actions.propose(kept, duplicate, reason="같은 분", by=kim, now=NOW)
        assert one.case_number in str(refused.value)
    assert linked(one, three, by=kim, second=boss)  # a third record of the same person
    assert PersonLink.objects.standing().filter(person=one).count() == 2
    assert four


def test_the_database_refuses_a_chain_and_a_link_by_one_person(kim, boss):
    one, two = twins(kim)
    three = members_of(HouseholdFactory(worker=kim))[0]
    linked(one, two, by=kim, second=boss)
    about = {"reason": "-", "needs_second": True, "proposed_by": kim, "proposed_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonLink.objects.create(person=two, duplicate=three, **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonLink.objects.create(person=one, duplicate=two, **about)
    alone = PersonLink.objects.create(person=one, duplicate=three, **about)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_personlink SET status = 'linked', linked_by_id = %s, linked_at = now() WHERE id = %s",
            [kim.pk, alone.pk],
        )


def test_records_of_two_centres_are_not_linked_the_file_is_transferred_first(kim, boss, stranger):
    ours = members_of(HouseholdFactory(worker=kim))[0]
    theirs = members_of(HouseholdFactory(worker=stranger))[0]
    with pytest.raises(NotAllowed):
        actions.propose(ours, theirs, reason="같은 분", by=boss, now=NOW)


def test_a_worker_links_only_what_the_worker_keeps(kim, boss, centre):
    other = UserFactory(agency=centre, name="최담당")
    one, two = twins(kim, other=other)
    with pytest.raises(NotAllowed):
        actions.propose(one, two, reason="같은 분", by=kim, now=NOW)
    made = actions.propose(one, two, reason="같은 분", by=boss, now=NOW)
    assert made in PersonLink.objects.visible_to(kim)
    assert not is_second(made, kim)
    assert not is_second(made, boss)


def test_another_centre_sees_no_link(kim, boss, stranger):
    made = linked(*twins(kim), by=kim, second=boss)
    assert made not in PersonLink.objects.visible_to(stranger)


def test_the_dead_are_linked_only_after_it_is_cleared_up(kim, boss):
    one, two = twins(kim)
    made = actions.propose(one, two, reason="같은 분", by=kim, now=NOW)
    register.record_death(two, on=timezone.localdate() - timedelta(days=1), by=kim)
    with pytest.raises((Refused, NotYours)):
        actions.confirm(made, by=boss, now=NOW)


def test_two_people_are_remembered_with_the_reason_and_once(kim):
    one, two = twins(kim)
    said = actions.keep_apart(two, one, reason="자매로 확인함", by=kim, now=NOW)
    assert (said.one, said.two) == tuple(sorted((one, two), key=lambda person: person.pk))
    assert actions.keep_apart(one, two, reason="다시", by=kim, now=NOW) == said
    assert PersonsApart.objects.count() == 1


def test_linked_records_are_not_called_two_people(kim, boss):
    one, two = twins(kim)
    linked(one, two, by=kim, second=boss)
    with pytest.raises(Refused):
        actions.keep_apart(one, two, reason="다른 분", by=kim, now=NOW)


def test_who_fled_is_not_named_through_the_linked_record(kim, boss):
    one, two = twins(kim)
    linked(one, two, by=kim, second=boss)
    home = members_home(two)
    Standing.objects.create(household=home, band=4, shown_band=4, address_protected=True)
    assert marked_among([one.pk]) == {one.pk}
    assert marked_among([two.pk]) == {two.pk}


def members_home(person):
    return Membership.objects.current().select_related("household").get(person=person).household


def test_a_second_record_whose_case_is_closed_is_linked_by_two_who_lead_and_undone_as_any_other(kim, boss, centre):
    one, two = twins(kim)
    head = UserFactory(agency=centre, role="centre_head")
    home, other = (person.membership_set.get().household for person in (one, two))
    closed(other, by=kim, second=boss, reason="duplicate", same_as=home)
    with pytest.raises(NotAllowed):  # nobody but who leads keeps the file of a closed case
        actions.propose(one, two, reason="같은 분", by=kim, now=NOW)
    made = actions.propose(one, two, reason="같은 분", by=boss, now=NOW)
    assert (made.status, made.needs_second) == ("proposed", True)
    with pytest.raises(NotYours):
        actions.confirm(made, by=boss, now=NOW)
    Touched.objects.all().delete()
    made = actions.confirm(made, by=head, now=NOW)
    assert set(_touched()) >= {home.pk, other.pk}
    assert actions.undo(made, reason="다른 분으로 확인됨", by=kim, now=NOW).status == "undone"


def test_the_guard_of_two_centres_holds_for_a_closed_case_too(kim, boss, stranger):
    one, two = twins(kim, other=stranger)
    head = UserFactory(agency=stranger.agency, role="supervisor")
    closed(two.membership_set.get().household, by=stranger, second=head)
    for by in (kim, boss, head):
        with pytest.raises(NotAllowed):
            actions.propose(one, two, reason="같은 분", by=by, now=NOW)
    assert not PersonLink.objects.exists()

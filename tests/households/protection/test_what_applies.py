"""Who is not protected stays a client, with what still applies to them and where that stands."""

import pytest
from django.utils import timezone

from households.models import Household, ProtectionDecision
from households.protection.shown import LAW, UNKNOWN, protection_of, still_applies
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of

pytestmark = pytest.mark.django_db

Decision = ProtectionDecision.Decision


def refused(kim):
    home = HouseholdFactory(worker=kim)
    person = members_of(home)[0]
    ProtectionDecision.objects.filter(person=person, superseded_at=None).update(superseded_at=timezone.now())
    on = timezone.localdate()
    ProtectionDecision.objects.create(person=person, decision=Decision.NON_PROTECTED, known_at=day_at(on))
    return home, person


def test_a_refused_person_stays_with_the_worker_and_the_page_says_what_applies():
    kim = UserFactory()
    home, person = refused(kim)
    assert Household.objects.visible_to(kim).filter(pk=home.pk).exists()
    shown = protection_of(person, on=timezone.localdate())
    assert shown["decision"].decision == Decision.NON_PROTECTED
    assert shown["periods"] == []
    sources = {str(source) for _words, kind, source in shown["applies"] if kind == LAW}
    assert any("제9조제4항" in source for source in sources)


@pytest.mark.parametrize("decision", [Decision.SUSPENDED, Decision.ENDED])
def test_what_the_law_was_not_found_to_say_is_said_as_unknown(decision):
    kinds = [kind for _words, kind, _source in still_applies(decision)]
    assert UNKNOWN in kinds
    assert LAW not in kinds


def test_every_sentence_names_where_it_stands_and_a_protected_person_has_none():
    for decision in Decision:
        assert all(str(words) and str(source) for words, _kind, source in still_applies(decision))
    assert still_applies(Decision.PROTECTED) == []

"""Two officers at once: the row of the request holds, and what one of them decided is decided once."""

from households.extensions import deciding
from households.models import LocalNotice, LocalOpinion, ProtectionPeriod
from tests.factories import UserFactory
from tests.harness.racing import at_once


def test_two_who_decide_at_once_extend_once_and_tell_once(committed_db, cast, at):
    request = at("prepared")
    third = UserFactory(agency=cast.second.agency, role="ministry_officer")
    done, refused = at_once(
        *(lambda by=by: deciding.decide(request, by=by, now=cast.now) for by in (cast.second, third))
    )
    assert (len(done), len(refused)) == (1, 1)
    assert ProtectionPeriod.objects.current().filter(person=cast.person, basis="extension").count() == 1
    assert LocalNotice.objects.filter(agency=cast.office).count() == 1


def test_two_who_ask_the_same_office_at_once_ask_it_once(committed_db, cast, at):
    request = at("received")
    ask = lambda by: deciding.ask_opinion(request, agency=cast.office, by=by, now=cast.now)  # noqa: E731
    done, refused = at_once(lambda: ask(cast.first), lambda: ask(cast.second))
    assert (len(done), len(refused)) == (2, 0)
    assert {one.pk for one in done} == {LocalOpinion.objects.get().pk}

"""Two supervisors at once, on real connections: one wins, the other is told where it stands."""

from django.utils import timezone

from households.handover import actions
from households.models import Handover
from tests.factories import AgencyFactory, CentreFactory, UserFactory, district
from tests.factories.handovers import handover_of
from tests.harness.racing import at_once


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(committed_db):
    centre = CentreFactory(covers=["서울 관악구"])
    officer = UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer")
    leads = [UserFactory(agency=centre, role=role) for role in ("supervisor", "centre_head")]
    made = handover_of(centre, by=officer, district=district("서울 관악구"))
    done, told = at_once(*(lambda by=by: actions.accept(made, by=by, now=timezone.now(), worker=by) for by in leads))
    (winner,) = [one.worker for one in done if one.worker in leads]
    assert [str(one) for one in told] == ["accepted"]
    assert Handover.objects.get().worker == winner

"""Two supervisors at once, on real connections: one wins, the other is told where it stands."""

import threading

from django.db import connections
from django.utils import timezone

from casework.workflow import NotNow
from households.handover import actions
from households.models import Handover
from tests.factories import AgencyFactory, CentreFactory, UserFactory, district
from tests.factories.handovers import handover_of


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(committed_db):
    centre = CentreFactory(covers=["서울 관악구"])
    officer = UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer")
    leads = [UserFactory(agency=centre, role=role) for role in ("supervisor", "centre_head")]
    made = handover_of(centre, by=officer, district=district("서울 관악구"))
    gate, results = threading.Barrier(2), []

    def accept(by):
        gate.wait()
        try:
            results.append(actions.accept(made, by=by, now=timezone.now(), worker=by).worker)
        except NotNow as told:
            results.append(told)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[by]) for by in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in results if one in leads]
    assert [str(one) for one in results if one not in leads] == ["accepted"]
    assert Handover.objects.get().worker == winner

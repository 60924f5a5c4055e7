"""The benchmark's referrals: as many as asked for, each as the product could have it, and alarms for the late ones."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from desks.bench import network
from desks.bench.pages import Measured
from referrals.models import Pause, Referral
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory


def test_copies_are_what_was_copied_about_households_of_the_same_centre(committed_db):
    sender, receiver = UserFactory(), ReceiverFactory()
    homes = {HouseholdFactory(worker=sender, members=1).pk for _n in range(2)}
    for stands in ("sent", "on_hold", "closed", "cancelled"):
        kwargs = {"stands": stands, "sent_at": timezone.now() - timedelta(days=30)}
        made = ReferralFactory(sender=sender, receiver=receiver, **kwargs)
        homes.add(made.household_id)
    network.make(60)
    rows = Referral.objects.all()
    assert rows.count() == 60
    assert {row.household_id for row in rows} <= homes
    assert {row.status for row in rows} == {"sent", "on_hold", "closed", "cancelled"}
    assert Pause.objects.running().count() == rows.filter(status="on_hold").count() == 15
    assert network.most_asking().agency_id == sender.agency_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,), "the triggers are on again"
    assert network.raised()[1] > 0
    assert network.raised()[1] == 0


def test_the_section_of_the_report_holds_what_was_measured():
    pages = [Measured("bare view", "receiving worker", p50=10), Measured("board", "receiving worker", p50=25, own=4)]
    counts = {"referrals": 60, "open": 30, "senders": 1, "receivers": 1, "made": 1.0, "told": 3, "again": 0}
    text = network.page({**counts, "pages": pages, "first": 1.0, "steady": 0.5})
    assert "| 2.5 |" in text
    assert "60 referrals (30 of them open)" in text

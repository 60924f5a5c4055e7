"""The mark beside one reason is the same on every page that shows it."""

from risk.models import Flag
from tests.factories import ContactFactory, HouseholdFactory


def test_the_household_page_and_the_review_mark_each_reason_alike(client, worker, supervisor, swept):
    household = HouseholdFactory(worker=worker)
    ContactFactory(household=household, tags=["self_harm", "job_loss", "isolation"])
    swept()
    client.force_login(supervisor)
    page = client.get(f"/households/{household.number}/").context
    review = client.get(f"/risk/{household.number}/review/").context
    there = {reason.flag_id: reason.level for reason in page["reasons"]}
    here = {row["flag"].pk: row["level"] for row in review["flags"]}
    assert len(here) == Flag.objects.filter(household=household, cleared_at=None).count() > 1
    assert {pk: there[pk] for pk in here} == here

"""An answer of a survey that is put right on its own page, and who is left out because nobody lives there."""

import re

import pytest

from casework.audit.models import AccessLog
from risk.models import CampaignAnswer, CampaignHousehold
from tests.factories.surveys import CampaignFactory, answered, home

pytestmark = pytest.mark.django_db


def corrected(client, campaign, household, **fields):
    url = f"/surveys/{campaign.pk}/{household.number}/correct/"
    version = CampaignAnswer.objects.order_by("id").first().pk
    return client.post(url, {"version": version, "needs": ["work"], "in_crisis": "no", **fields})


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_answer_is_corrected_on_a_page_of_its_own_and_stays_on_record(client, worker, stranger):
    found = home(worker)
    campaign = CampaignFactory(households=[found])
    client.force_login(worker)
    url = f"/surveys/{campaign.pk}/{found.number}/"
    assert client.get(f"{url}correct/")["Location"] == url, "nothing to correct yet"
    answered(campaign, found, worker)
    listed = client.get(f"/surveys/{campaign.pk}/?show=answered").content.decode()
    assert f"{url}correct/" in listed
    assert "응답한 가구 1가구" in words_of(listed)
    assert client.get(url)["Location"] == f"{url}correct/"
    assert re.search(r'value="health"[^>]*checked', client.get(f"{url}correct/").content.decode())
    for _tap in range(2):
        assert corrected(client, campaign, found)["Location"] == f"/surveys/{campaign.pk}/"
    assert CampaignAnswer.objects.current().get().needs == ["work"]
    assert CampaignAnswer.objects.count() == 2
    other = corrected(client, campaign, found, in_crisis="yes")
    assert other.status_code == 422, "somebody corrected it since this page was read"
    assert set(corrected(client, campaign, found, in_crisis="").context["form"].errors) == {"in_crisis"}
    assert AccessLog.objects.filter(act="open", households__contains=[found.pk]).exists()
    client.force_login(stranger)
    assert corrected(client, campaign, found).status_code == 404


def test_a_correction_to_a_crisis_leads_to_the_household(client, worker):
    found = home(worker)
    campaign = CampaignFactory(households=[found])
    answered(campaign, found, worker)
    client.force_login(worker)
    assert corrected(client, campaign, found, in_crisis="yes")["Location"] == f"/households/{found.number}/"


def test_the_page_says_who_is_left_out_because_nobody_lives_there(client, head, worker):
    found, left = home(worker), home(worker)
    campaign = CampaignFactory(households=[found])
    CampaignHousehold.objects.create(
        campaign=campaign, household=left, center=head.agency, band=1, in_scope=False, out_reason="empty"
    )
    client.force_login(head)
    html = words_of(client.get(f"/surveys/{campaign.pk}/").content.decode())
    assert "이제 아무도 살지 않아 제외한 가구: 1" in html


def test_the_list_of_the_answered_asks_the_database_the_same_however_many_there_are(own_queries, head, worker):
    surveys = []
    for number in (2, 20):
        found = [home(worker) for _each in range(number)]
        surveys.append(CampaignFactory(households=found))
        for household in found:
            answered(surveys[-1], household, worker)
    numbers = [own_queries(head, f"/surveys/{one.pk}/?show=answered") for one in surveys]
    assert len(numbers[0]) == len(numbers[1]) <= 5, numbers[1]

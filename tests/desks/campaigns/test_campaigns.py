"""The pages of a survey: the Ministry counts and sees nobody, a centre asks its own from a phone."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from households.forms.moments import value_of
from households.models import Contact
from risk.models import Campaign, CampaignAnswer
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.standings import stands
from tests.factories.surveys import CampaignFactory, answered

pytestmark = pytest.mark.django_db


def homes(worker, count=1, band=4):
    made = [HouseholdFactory(worker=worker) for _ in range(count)]
    for household in made:
        stands(household, band)
    return made


def plan(**fields):
    last = seoul_day(timezone.now()) + timedelta(days=10)
    return {"name": "하반기 조사", "purpose": "확인", "reply_by": last.isoformat(), "client_key": uuid4(), **fields}


def typed(household, **fields):
    """What a phone sends after a call that reached the head."""
    person = members_of(household)[0]
    at = value_of(timezone.now())
    return {
        "key": str(uuid4()), "channel": "phone", "met": "yes", "at": at, "people": [person.case_number],
        "in_crisis": "no", "needs": ["health"], "services": ["local"], **fields,
    }  # fmt: skip


def page(client, user, url):
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_ministry_opens_a_survey_counts_freezes_and_sees_nobody(client, ministry, worker):
    found = homes(worker, 13)
    client.force_login(ministry)
    made = client.post("/surveys/new/", plan(bands=[4, 5]))
    campaign = Campaign.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/surveys/{campaign.pk}/")
    assert campaign.criteria == {"bands": [4, 5]}
    draft = words_of(page(client, ministry, f"/surveys/{campaign.pk}/"))
    assert "약 10가구" in draft, "a filter that can be changed at will gives no exact count"
    client.post(f"/surveys/{campaign.pk}/freeze/step/")
    campaign.refresh_from_db()
    assert (campaign.status, campaign.population) == ("running", 13)
    html = page(client, ministry, f"/surveys/{campaign.pk}/")
    for household in found:
        assert household.number not in html
        assert members_of(household)[0].case_number not in html
    assert "약 10" in words_of(html), "two surveys of nearly the same households must not be subtracted"
    assert client.get(f"/surveys/{campaign.pk}/").context["result"].total.cells[0].text == "약 10"


def test_small_counts_are_never_told_to_the_ministry(client, ministry, worker):
    found = homes(worker, 9)
    campaign = CampaignFactory(households=found)
    client.force_login(worker)
    for household in found[:2]:
        client.post(f"/surveys/{campaign.pk}/{household.number}/", typed(household, in_crisis="yes"))
    assert CampaignAnswer.objects.count() == 2
    client.force_login(ministry)
    shown = client.post(f"/surveys/{campaign.pk}/file/", {"reason": "보고"}).content.decode()
    cells = [cell for line in shown.splitlines()[1:] for cell in line.split(",")[1:-1]]
    assert not {"2", "7"} & set(cells), "what is left of nine would tell the two"
    assert {"약 10"} < set(cells), shown
    html = words_of(page(client, ministry, f"/surveys/{campaign.pk}/"))
    assert "5 미만" in html or "가림" in html


def test_two_surveys_that_differ_by_one_household_tell_nothing_of_it(client, ministry, worker):
    """Of "65 and older" and "66 and older" one household is the difference, and its answer would be."""
    found = homes(worker, 14)
    whole, less = CampaignFactory(households=found), CampaignFactory(households=found[1:])
    for campaign, asked in ((whole, found[:8]), (less, found[1:9])):
        for household in asked:
            answered(campaign, household, worker, in_crisis=household not in (found[1], found[8]), services=["local"])
    client.force_login(ministry)
    files = [client.post(f"/surveys/{one.pk}/file/", {"reason": "보고"}).content.decode() for one in (whole, less)]
    assert files[0] == files[1]
    assert "십 단위" in page(client, ministry, f"/surveys/{whole.pk}/")


def test_the_head_of_a_centre_sees_the_own_centre_exactly(client, head, worker):
    found = homes(worker, 3)
    other = homes(UserFactory(agency=CentreFactory()), 2)
    campaign = CampaignFactory(households=[*found, *other])
    client.force_login(worker)
    client.post(f"/surveys/{campaign.pk}/{found[0].number}/", typed(found[0]))
    html = page(client, head, f"/surveys/{campaign.pk}/")
    assert "남은 조사 대상 2가구" in words_of(html)
    assert other[0].number not in html
    assert found[1].number in html


def test_a_head_opens_a_survey_of_the_own_centre_only(client, head, worker):
    homes(worker, 2)
    homes(UserFactory(agency=CentreFactory()), 3)
    client.force_login(head)
    client.post("/surveys/new/", plan())
    campaign = Campaign.objects.get()
    assert campaign.agency == head.agency
    assert "2가구" in words_of(page(client, head, f"/surveys/{campaign.pk}/"))


def test_an_empty_population_is_said_and_cannot_be_frozen(client, head):
    client.force_login(head)
    client.post("/surveys/new/", plan())
    campaign = Campaign.objects.get()
    assert "해당하는 가구가 없어" in page(client, head, f"/surveys/{campaign.pk}/")
    answer = client.post(f"/surveys/{campaign.pk}/freeze/step/", follow=True)
    assert "해당하는 가구가 없어" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.status == "draft"


def test_the_filter_of_an_earlier_survey_is_taken_up(client, head):
    campaign = CampaignFactory(agency=head.agency, criteria={"bands": [5], "ends_within": 90})
    html = page(client, head, f"/surveys/new/?from={campaign.pk}")
    assert 'value="90"' in html
    assert re.search(r'value="5"[^>]*checked', html)


def test_what_is_missing_is_said_at_its_field(client, head):
    client.force_login(head)
    answer = client.post("/surveys/new/", plan(name="", age_from=70, age_to=60, reply_by="2020-01-01"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "age_to"}
    answer = client.post("/surveys/new/", plan(reply_by="2020-01-01"))
    assert set(answer.context["form"].errors) == {"reply_by"}
    assert not Campaign.objects.exists()


def test_a_worker_asks_by_telephone_and_the_answer_lands_once(client, worker):
    (found,) = homes(worker)
    campaign = CampaignFactory(households=[found])
    url, told = f"/surveys/{campaign.pk}/{found.number}/", typed(found)
    page(client, worker, url)
    for _ in range(2):
        assert client.post(url, told).status_code == 302
    answer = CampaignAnswer.objects.get()
    assert (answer.needs, answer.in_crisis, answer.services) == (["health"], False, ["local"])
    assert Contact.objects.get().fact_id == answer.contact_fact_id
    assert client.post(url, typed(found)).status_code == 422, "answered already"


def test_a_questionnaire_that_comes_back_with_errors_is_a_look(client, worker):
    (found,) = homes(worker)
    campaign = CampaignFactory(households=[found])
    client.force_login(worker)
    assert client.post(f"/surveys/{campaign.pk}/{found.number}/", typed(found, in_crisis="")).status_code == 422
    look = AccessLog.objects.get(view="desks:campaign_answer")
    assert (look.households, look.subjects) == ([found.pk], [person.pk for person in members_of(found)])


def test_a_crisis_leads_to_the_household_and_its_next_step(client, worker):
    (found,) = homes(worker)
    campaign = CampaignFactory(households=[found])
    client.force_login(worker)
    answer = client.post(f"/surveys/{campaign.pk}/{found.number}/", typed(found, in_crisis="yes"))
    assert answer["Location"] == f"/households/{found.number}/"


def test_whether_there_is_a_crisis_is_never_answered_beforehand(client, worker):
    (found,) = homes(worker)
    campaign = CampaignFactory(households=[found])
    url = f"/surveys/{campaign.pk}/{found.number}/"
    assert not re.search(r'name="in_crisis"[^>]*checked', page(client, worker, url))
    answer = client.post(url, typed(found, in_crisis=""))
    assert set(answer.context["form"].errors) == {"in_crisis"}
    visit = client.post(url, typed(found, channel="visit"))
    assert {"asked_self_harm", "asked_violence", "asked_child", "asked_basics"} <= set(visit.context["form"].errors)
    assert not Contact.objects.exists()


def test_nobody_at_home_is_an_attempt_and_stays_to_be_asked(client, worker):
    (found,) = homes(worker)
    campaign = CampaignFactory(households=[found])
    url = f"/surveys/{campaign.pk}/{found.number}/"
    client.force_login(worker)
    assert client.post(url, typed(found, met="no", outcome="no_answer")).status_code == 302
    assert Contact.objects.get().contact_made is False
    assert "1회 연락을 시도했습니다" in words_of(page(client, worker, f"/surveys/{campaign.pk}/"))


def test_the_household_page_and_the_list_say_who_is_to_be_asked(client, worker, stranger):
    asked, other = homes(worker, 2)
    campaign = CampaignFactory(households=[asked])
    assert f"/surveys/{campaign.pk}/{asked.number}/" in page(client, worker, f"/households/{asked.number}/")
    assert "/surveys/" not in page(client, worker, f"/households/{other.number}/").split("<main")[1]
    listed = page(client, worker, "/at-risk/?show=survey")
    assert asked.number in listed
    assert other.number not in listed
    client.force_login(stranger)
    assert client.get(f"/surveys/{campaign.pk}/{asked.number}/").status_code == 404


def test_a_stranger_finds_no_survey_of_another_centre(client, head, stranger):
    own = CampaignFactory(agency=head.agency)
    client.force_login(stranger)
    assert client.get(f"/surveys/{own.pk}/").status_code == 404
    assert client.get("/surveys/999999/").status_code == 404
    client.force_login(UserFactory(role="centre_head"))
    assert client.post(f"/surveys/{own.pk}/close/step/").status_code == 404
    assert client.post(f"/surveys/{own.pk}/file/", {"reason": "보고"}).status_code == 404


def test_steps_refuse_get_and_what_they_do_not_know(client, head):
    own = CampaignFactory(agency=head.agency)
    client.force_login(head)
    assert client.get(f"/surveys/{own.pk}/close/step/").status_code == 405
    assert client.post(f"/surveys/{own.pk}/erase/step/").status_code == 404
    for _ in range(2):
        assert client.post(f"/surveys/{own.pk}/close/step/").status_code == 302
    own.refresh_from_db()
    assert own.status == "closed"


def test_the_file_holds_numbers_and_its_reason_is_kept(client, ministry, worker):
    found = homes(worker, 12)
    campaign = CampaignFactory(households=found)
    client.force_login(ministry)
    assert client.post(f"/surveys/{campaign.pk}/file/").status_code == 422
    text = client.post(f"/surveys/{campaign.pk}/file/", {"reason": "국회 보고", "as": "csv"}).content.decode()
    book = client.post(f"/surveys/{campaign.pk}/file/", {"reason": "국회 보고", "as": "xlsx"}).content
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    assert rows[-1][1] == "약 10"
    assert "전국,약 10" in text
    assert found[0].number not in text + str(rows)
    kept = AccessLog.objects.filter(act="export")
    assert [(row.reason, row.detail["survey"]) for row in kept] == [("국회 보고", campaign.pk)] * 2


def test_after_the_last_day_who_was_never_tried_is_late(client, worker):
    found = homes(worker, 1)
    campaign = CampaignFactory(households=found, reply_by=seoul_day(timezone.now()) - timedelta(days=1))
    html = page(client, worker, f"/surveys/{campaign.pk}/")
    assert '<span class="late">아직 아무도 시도하지 않았습니다' in html


def test_a_survey_asks_the_database_the_same_however_many_are_asked(own_queries, head, worker):
    few, many = CampaignFactory(households=homes(worker, 2)), CampaignFactory(households=homes(worker, 20))
    numbers = [own_queries(head, f"/surveys/{one.pk}/") for one in (few, many)]
    assert len(numbers[0]) == len(numbers[1]) <= 5, numbers[1]

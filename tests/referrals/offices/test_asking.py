"""An officer asks from the row of the register; what is told is that row and the words, and no file opens by it."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.workflow import NotYours
from households.models import Consent, Household, Person
from referrals import drafts
from referrals.models import GroundReview, Referral
from referrals.offices import actions
from referrals.packet import shown
from tests.factories import HouseholdFactory, ShareFactory
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory
from tests.factories.standings import stands
from tests.referrals.offices.conftest import typed, url_of

pytestmark = pytest.mark.django_db


def test_the_row_of_the_register_leads_to_the_form_and_the_form_to_the_preview(page, people, person):
    register = page.get(people.officer, "/register/").content.decode()
    assert url_of(person) in register
    assert person.case_number not in register
    form = page.get(people.officer, url_of(person))
    assert form.status_code == 200
    assert "정금주" in form.content.decode()
    assert next(str(pk) for pk, _name in form.context["form"].fields["to_agency"].choices) == str(people.centre.pk)
    preview = page.post(people.officer, url_of(person), **typed(people))
    made = Referral.objects.get()
    assert preview.redirect_chain[-1][0] == reverse("referrals:detail", args=[made.number])
    html = preview.content.decode()
    for told in ("정금주", "신림동", "시험 하나센터", "방문을 부탁드립니다."):
        assert told in html
    for kept in ("정유나", "1234", person.case_number, made.household.number):
        assert kept not in html
    assert (made.status, made.person, made.from_agency) == ("draft", person, people.city)
    page.post(people.officer, reverse("referrals:step", args=[made.number, "send"]))
    made.refresh_from_db()
    assert made.status == "sent"
    assert "정금주" in page.get(people.boss, reverse("referrals:detail", args=[made.number])).content.decode()


def test_a_double_tap_lands_once_and_typed_words_are_not_lost(page, people, person):
    sent = typed(people)
    for _tap in range(2):
        page.post(people.officer, url_of(person), **sent)
    assert Referral.objects.count() == 1
    wrong = page.post(people.officer, url_of(person), **typed(people, need="", request="적어 둔 말"))
    assert wrong.status_code == 422
    assert "적어 둔 말" in wrong.content.decode()


def test_only_who_knows_the_person_so_may_ask(page, client, people, person):
    for nobody in (people.stranger, people.worker, people.boss, people.helper, people.ministry):
        assert page.get(nobody, url_of(person)).status_code == 404
        assert page.post(nobody, url_of(person), **typed(people)).status_code == 404
        told = {"need": "livelihood", "to_agency": people.centre, "request": "-", "ground": "duty"}
        with pytest.raises(NotYours):
            actions.save_request(person, by=nobody, now=timezone.now(), client_key=uuid4(), **told)
    assert not Referral.objects.exists()


def test_whose_protection_has_ended_is_asked_for_no_more(page, people):
    ended = HouseholdFactory(worker=people.worker, members=["끝사람"], under_protection=date(2015, 1, 1))
    assert page.get(people.officer, url_of(members_of(ended)[0])).status_code == 404


def test_to_ask_opens_no_file(page, people, household, person, ask):
    ask(("send", people.officer, {}))
    for name, number in (("desks:household", household.number), ("desks:person", person.case_number)):
        assert page.get(people.officer, reverse(name, args=[number])).status_code == 404
    assert not Household.objects.visible_to(people.officer).exists()
    assert not Person.objects.visible_to(people.officer).exists()
    for name in ("referrals:new", "referrals:council_propose"):
        assert page.get(people.officer, reverse(name, args=[household.number])).status_code == 404
    inbox = page.get(people.officer, reverse("referrals:inbox") + "?box=sent").content.decode()
    assert "시험 하나센터" in inbox
    assert household.number not in inbox


def test_a_violence_marker_leaves_the_case_number_alone(page, people, household, person):
    stands(household, address_protected=True)
    html = page.post(people.officer, url_of(person), **typed(people)).content.decode()
    assert person.case_number in html
    assert "정금주" not in html
    packet = Referral.objects.get().packet
    assert not {"head", "dwelling", "phone"} & set(packet)
    assert next(words for _label, words in shown(packet)) == person.case_number


def test_a_marker_set_after_the_preview_stops_the_sending(people, household, ask):
    made = ask()
    stands(household, address_protected=True)
    with pytest.raises(drafts.PacketChanged):
        drafts.send(made, by=people.officer, now=timezone.now())
    made.refresh_from_db()
    assert "head" not in made.packet


def test_another_agency_of_the_district_can_be_asked_and_none_elsewhere(page, people, person):
    far = ReceiverFactory(agency=OfficeFactory(covers=["부산 해운대구"])).agency
    assert page.post(people.officer, url_of(person), **typed(people, to_agency=far.pk)).status_code == 422
    page.post(people.officer, url_of(person), **typed(people, to_agency=people.jobs.pk))
    assert Referral.objects.get().to_agency == people.jobs


def test_the_grounds_are_those_of_the_table(page, people, person):
    assert page.post(people.officer, url_of(person), **typed(people, need="work")).status_code == 422
    assert page.post(people.officer, url_of(person), **typed(people, ground="danger")).status_code == 422
    assert page.post(people.officer, url_of(person), **typed(people, ground="consent")).status_code == 422
    agreed = typed(people, need="work", ground="consent", consent_on="2026-01-05")
    page.post(people.officer, url_of(person), **agreed)
    drafts.send(Referral.objects.get(), by=people.officer, now=timezone.now())
    said = Consent.objects.get()
    assert (said.person, said.recipient) == (person, people.centre)
    assert set(said.items) == {"name", "address"}


def test_urgent_danger_is_no_ground_where_nobody_else_could_look_again(page, people, ask):
    people.second.grants.all().delete()
    made = ask(ground="danger", note="연락이 끊겼습니다.")
    with pytest.raises(ValidationError):
        drafts.send(made, by=people.officer, now=timezone.now())
    told = typed(people, ground="danger", note="연락이 끊겼습니다.")
    assert page.post(people.officer, url_of(made.person), **told).status_code == 422


def test_urgent_danger_is_looked_at_by_somebody_else_of_the_office(page, people, ask):
    made = ask(("send", people.officer, {}), ground="danger", note="연락이 끊겼습니다.")
    url = reverse("referrals:ground_review", args=[made.number])
    assert page.post(people.officer, url, upheld="yes", reason="-").status_code == 403
    assert "연락이 끊겼습니다." in page.get(people.second, reverse("referrals:ground_reviews")).content.decode()
    assert "grounds" in page.get(people.second, reverse("desks:receiving")).content.decode()
    page.post(people.second, url, upheld="no", reason="기다릴 수 있었습니다.")
    assert GroundReview.objects.get(referral=made).upheld is False
    made.refresh_from_db()
    assert Referral.objects.get(pk=made.pk).veiled


def test_a_draft_is_changed_by_a_colleague_and_not_by_a_stranger(page, people, ask):
    made = ask()
    url = reverse("referrals:edit", args=[made.number])
    assert "방문을 부탁드립니다." in page.get(people.second, url).content.decode()
    page.post(people.second, url, **typed(people, request="전화도 부탁드립니다."))
    made.refresh_from_db()
    assert made.request == "전화도 부탁드립니다."
    assert page.get(people.stranger, url).status_code == 404


def test_the_ministry_asks_the_centre_of_a_shared_person_and_nobody_else(page, people, household, person):
    assert page.get(people.ministry, url_of(person)).status_code == 404
    share = ShareFactory(household=household, to_user=people.ministry)
    house = page.get(people.ministry, reverse("desks:household", args=[household.number])).content.decode()
    about = page.get(people.ministry, reverse("desks:person", args=[person.case_number])).content.decode()
    assert url_of(person) in house
    assert url_of(person) in about
    assert page.post(people.ministry, url_of(person), **typed(people, to_agency=people.jobs.pk)).status_code == 422
    page.post(people.ministry, url_of(person), **typed(people))
    made = Referral.objects.get()
    drafts.send(made, by=people.ministry, now=timezone.now())
    share.end(by=share.shared_by)
    assert page.get(people.ministry, url_of(person)).status_code == 404
    assert page.get(people.ministry, reverse("referrals:detail", args=[made.number])).status_code == 200


def test_a_case_manager_to_whom_a_household_is_shared_does_not_ask_so(page, people, household, person):
    ShareFactory(household=household, to_user=people.stranger)
    colleague = ReceiverFactory(role="case_manager")
    ShareFactory(household=household, to_user=colleague)
    assert page.get(people.stranger, url_of(person)).status_code == 200
    assert page.get(colleague, url_of(person)).status_code == 404
    assert (
        url_of(person) not in page.get(colleague, reverse("desks:household", args=[household.number])).content.decode()
    )


def test_looking_at_the_form_is_logged(page, people, person):
    page.get(people.officer, url_of(person))
    assert AccessLog.objects.get(view="referrals:ask_for").subjects == [person.pk]


def test_the_register_asks_as_often_for_twenty_rows_as_for_two(client, people, household):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/register/").status_code == 200
        return len(caught)

    client.force_login(people.officer)
    queries()
    few = queries()
    HouseholdFactory(worker=people.worker, members=20, under_protection=True)
    assert queries() == few

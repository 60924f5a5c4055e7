"""The catalogue: dated versions that one officer draws up and another approves; what stands is never changed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import NotAllowed, Refused
from households.entitlements import drafting
from households.entitlements.catalogue import catalogue_of
from households.models import EntitlementVersion
from households.models.entitlement import Section
from tests.factories import UserFactory
from tests.factories.entitlements import CODE, content, entry, standing

TODAY = date(2026, 11, 23)


def drawn(by, code=CODE, **changes):
    return drafting.draw_up(entry(code), by=by, **content(code, **changes))


def approved(version, by, starts_on=TODAY):
    moment = timezone.now()
    return drafting.approve(version, by=by, starts_on=starts_on, today=TODAY, now=moment)


def at(name, *args):
    return reverse(f"households:{name}", args=args)


def test_the_first_catalogue_names_a_source_for_every_version_and_every_amount(db):
    versions = EntitlementVersion.objects.select_related("entitlement")
    assert versions.count() >= 30
    for version in versions:
        fields = drafting.checked(version.entitlement, {**drafting.content_of(version), "why": "-"})
        assert fields["criteria"] == version.criteria
        assert fields["amounts"] == version.amounts


def test_the_version_of_the_day_stands(db):
    amounts = [
        standing("BASIC-MONEY", on=day).amounts[0]["krw"] for day in (date(2022, 12, 31), date(2023, 1, 1), TODAY)
    ]
    assert amounts == [8_000_000, 9_000_000, 15_000_000]
    assert "SCHOOL-CHILD" not in catalogue_of(on=date(2025, 4, 28)).by_code()
    assert catalogue_of(on=TODAY).medians == (2_564_238, 4_199_292, 5_359_036, 6_494_738)
    assert catalogue_of(on=date(2025, 12, 31)).medians == ()


def test_a_version_is_drawn_up_by_one_officer_and_approved_by_another(drawer, second):
    version = drafting.request(drawn(drawer, note_en="Longer now."), by=drawer)
    with pytest.raises(NotYours):
        approved(version, drawer)
    done = approved(version, second)
    assert standing(on=TODAY) == done
    assert standing(on=TODAY - timedelta(days=1)) != done
    told = list(Event.objects.filter(subject_id=done.pk).order_by("id").values_list("verb", flat=True))
    assert told == ["entitlement drawn up", "entitlement submitted", "entitlement approved"]


def test_what_was_approved_later_is_not_known_earlier(drawer, second):
    before = timezone.now()
    version = approved(drafting.request(drawn(drawer), by=drawer), second, starts_on=TODAY - timedelta(days=30))
    assert version in catalogue_of(on=TODAY).versions
    assert version not in catalogue_of(on=TODAY, known_by=before).versions


def test_an_entitlement_can_end(drawer, second):
    approved(drafting.request(drawn(drawer, off=True), by=drawer), second)
    assert CODE not in catalogue_of(on=TODAY).by_code()
    assert CODE in catalogue_of(on=TODAY - timedelta(days=1)).by_code()


def test_what_waits_for_approval_goes_back_to_a_draft_when_it_is_edited(drawer, second):
    version = drafting.request(drawn(drawer), by=drawer)
    assert drafting.edit(version, by=drawer, **content()).status == "requested", "nothing differs"
    edited = drafting.edit(version, by=drawer, **content(note_en="Other words."))
    assert edited.status == "draft"
    with pytest.raises(NotNow):
        approved(edited, second)
    with pytest.raises(NotYours):
        drafting.edit(edited, by=second, **content(note_en="Not mine."))


def test_what_was_read_is_what_is_approved(drawer, second):
    version = drafting.request(drawn(drawer), by=drawer)
    read = drafting.digest_of(drafting.draw_up(entry("SCHOOL"), by=drawer, **content("SCHOOL")))
    moment = timezone.now()
    with pytest.raises(Refused):
        drafting.approve(version, by=second, starts_on=TODAY, today=TODAY, now=moment, seen=read)
    version.refresh_from_db()
    assert version.status == "requested", "all or nothing"


def test_the_database_refuses_to_change_what_stands(drawer, second):
    version = approved(drafting.request(drawn(drawer), by=drawer), second)
    for changes in ({"note_en": "quietly"}, {"status": "draft"}, {"criteria": []}):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            EntitlementVersion.objects.filter(pk=version.pk).update(**changes)
    waiting = drafting.request(drawn(drawer, code="SCHOOL"), by=drawer)
    with pytest.raises(IntegrityError), transaction.atomic():
        EntitlementVersion.objects.filter(pk=waiting.pk).update(
            status="approved", starts_on=TODAY, decided_by=drawer, decided_at=timezone.now()
        )


def test_one_version_is_drawn_up_at_a_time_and_a_double_tap_lands_once(drawer, second):
    key = uuid4()
    first = drafting.draw_up(entry(), by=drawer, client_key=key, **content())
    assert drafting.draw_up(entry(), by=drawer, client_key=key, **content()) == first
    with pytest.raises(Refused):
        drawn(second)
    drafting.discard(first, by=second, reason="표가 바뀌었습니다.", now=timezone.now())
    assert drawn(second).pk != first.pk


def test_a_day_before_the_catalogue_or_far_ahead_is_refused(drawer, second):
    version = drafting.request(drawn(drawer), by=drawer)
    for day in (date(2010, 1, 1), TODAY + timedelta(days=400)):
        with pytest.raises(Refused):
            approved(version, second, starts_on=day)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": " "}, "source"),
        ({"why": ""}, "why"),
        ({"criteria": [{"word": "execute", "sql": "1"}]}, "criteria"),
        ({"criteria": [{"word": "age", "least": "old"}]}, "criteria"),
        ({"criteria": [{"word": "age", "least": 60, "most": 20}]}, "criteria"),
        ({"criteria": [{"word": "age"}]}, "criteria"),
        ({"criteria": [{"word": "decision", "codes": ["protected'); DROP"]}]}, "criteria"),
        ({"criteria": [{"word": "defector", "years": 5}]}, "criteria"),
        ({"criteria": [{"word": "defector", "check": True}]}, "criteria"),
        ({"criteria": [{"word": "defector", "group": "ab"}]}, "criteria"),
        ({"criteria": [{"word": "defector"}] * 13}, "criteria"),
        ({"counts_missed": True}, "counts_missed"),
        (
            {"amounts": [{"words_ko": "가", "words_en": "a", "source": "", "krw": 1, "per": "once", "mark": "found"}]},
            "amounts",
        ),
        (
            {
                "amounts": [
                    {"words_ko": "가", "words_en": "a", "source": "b", "krw": "-1", "per": "once", "mark": "found"}
                ]
            },
            "amounts",
        ),
        (
            {
                "amounts": [
                    {"words_ko": "가", "words_en": "a", "source": "b", "krw": 5, "per": "once", "mark": "unknown"}
                ]
            },
            "amounts",
        ),
    ],
)
def test_what_is_wrong_is_a_sentence_at_its_field(drawer, changes, field):
    with pytest.raises(ValidationError) as refused:
        drawn(drawer, **changes)
    assert list(refused.value.message_dict) == [field]


def test_nobody_else_keeps_the_catalogue(db):
    with pytest.raises(NotAllowed):
        drawn(UserFactory(role="supervisor"))


def test_the_list_shows_every_section_and_costs_the_same(enter, kim, django_assert_max_num_queries):
    client = enter(kim)
    client.get(at("entitlements"))
    with django_assert_max_num_queries(8):
        page = client.get(at("entitlements"))
    assert len(page.context["sections"]) == len(Section)
    assert "draft" not in str(page.context["sections"][0]["rows"][0]["draft"])


def fields_of(client, code=CODE, **changes):
    """Return what the form of a draft sends when it is not touched, with changes."""
    form = client.get(at("entitlement_draft", code)).context["form"]
    parts = [form, *form.criteria, *form.amounts]
    data = {bound.html_name: bound.value() for part in parts for bound in part}
    return {name: value for name, value in data.items() if value not in (None, False)} | {"why": "시험"} | changes


def test_a_draft_is_written_on_a_page_without_script(enter, drawer, second):
    client = enter(drawer)
    data = fields_of(client, **{"criterion-1-word": "age", "criterion-1-least": "18"})
    assert client.post(at("entitlement_draft", CODE), data).status_code == 302
    version = EntitlementVersion.objects.open().get()
    assert version.criteria[-1] == {"word": "age", "least": 18}
    again = client.post(at("entitlement_draft", CODE), {**fields_of(client), "criterion-1-least": "19"})
    assert again.status_code == 302
    version.refresh_from_db()
    assert version.criteria[-1] == {"word": "age", "least": 19}
    page = client.get(at("entitlement", CODE)).content.decode()
    assert at("entitlement_version_step", CODE, version.pk, "request") in page
    assert at("entitlement_version_step", CODE, version.pk, "approve") not in page
    client.post(at("entitlement_version_step", CODE, version.pk, "request"))
    approve = at("entitlement_version_step", CODE, version.pk, "approve")
    assert client.post(approve, {"starts_on": "2026-11-23"}).status_code == 403
    told = {"starts_on": seoul_day(timezone.now()).isoformat(), "seen": seen_by(enter(second))}
    for _tap in range(2):
        assert client.post(approve, told).status_code == 302
    version.refresh_from_db()
    assert (version.status, version.decided_by) == ("approved", second)


def seen_by(client):
    """Return what the page of the entitlement puts into its form of approval."""
    return client.get(at("entitlement", CODE)).context["forms"]["approve"]["seen"].value()


def test_what_was_changed_after_the_page_was_opened_is_not_approved_from_it(enter, drawer, second):
    version = drafting.request(drawn(drawer), by=drawer)
    client = enter(second)
    told = {"starts_on": seoul_day(timezone.now()).isoformat(), "seen": seen_by(client)}
    changed = drafting.edit(version, by=drawer, **content(note_en="Never read by anybody else."))
    drafting.request(changed, by=drawer)
    approve = at("entitlement_version_step", CODE, version.pk, "approve")
    for unread in (told, {"starts_on": told["starts_on"]}):
        client.post(approve, unread)
        assert EntitlementVersion.objects.get(pk=version.pk).status == "requested"
    client.post(approve, told | {"seen": seen_by(client)})
    assert EntitlementVersion.objects.get(pk=version.pk).status == "approved"


def test_a_wrong_line_keeps_what_was_typed(enter, drawer):
    client = enter(drawer)
    data = fields_of(client, **{"criterion-1-word": "age", "criterion-1-least": "alt", "note_ko": "긴 설명"})
    page = client.post(at("entitlement_draft", CODE), data)
    assert page.status_code == 422
    assert "긴 설명" in page.content.decode()
    assert 'value="alt"' in page.content.decode()
    assert not EntitlementVersion.objects.open().exists()


def test_a_step_refuses_get_and_who_does_not_keep_the_catalogue(enter, drawer, kim):
    version = drawn(drawer)
    url = at("entitlement_version_step", CODE, version.pk, "request")
    assert enter(drawer).get(url).status_code == 405
    assert enter(kim).post(url).status_code == 403
    assert enter(drawer).post(at("entitlement_version_step", CODE, version.pk, "burn")).status_code == 404
    assert (
        enter(drawer).post(at("entitlement_version_step", CODE, version.pk, "discard"), {"reason": ""}).status_code
        == 422
    )
    assert enter(kim).get(at("entitlement_draft", CODE)).status_code == 403


def test_a_draft_is_read_by_those_who_keep_the_catalogue_only(enter, drawer, kim):
    drawn(drawer, note_ko="아직 정해지지 않은 말")
    assert "아직 정해지지 않은 말" in enter(drawer).get(at("entitlement", CODE)).content.decode()
    assert "아직 정해지지 않은 말" not in enter(kim).get(at("entitlement", CODE)).content.decode()


def test_the_database_refuses_to_erase_what_was_approved(db):
    with pytest.raises(InternalError), transaction.atomic():
        standing().delete()


def test_an_entry_is_added_with_its_first_version_and_entitles_nobody_until_a_second_officer_approves(
    enter, drawer, second
):
    client, url = enter(drawer), reverse("households:entitlement_new")
    entry = {"code": "MOVING_HELP", "section": "housing", "whom": "household"}
    words = fields_of(client, name_ko="이사 지원", name_en="Help with a move", why="새 사업이 생겼습니다.")
    assert client.post(url, {**words, **entry, "code": "이사"}).status_code == 422
    taken = client.post(url, {**words, **entry, "code": CODE})
    assert "이미 쓰이는 코드입니다" in taken.content.decode()
    assert "새 사업이 생겼습니다." in taken.content.decode()
    for _twice in range(2):
        client.post(url, {**words, **entry})
    made = EntitlementVersion.objects.get(entitlement__code="MOVING_HELP")
    assert "이사 지원" in client.get(reverse("households:entitlements")).content.decode()
    assert made not in EntitlementVersion.objects.standing(on=TODAY)
    asked = drafting.request(made, by=drawer)
    drafting.approve(asked, by=second, starts_on=TODAY, today=TODAY, now=timezone.now())
    assert made in EntitlementVersion.objects.standing(on=TODAY)


def test_an_entry_is_added_by_nobody_else(enter, kim):
    assert enter(kim).get(reverse("households:entitlement_new")).status_code == 403

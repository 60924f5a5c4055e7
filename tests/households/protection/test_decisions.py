"""What the Ministry enters: decisions, periods put right, personal protection; and what the database refuses."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from casework.audit.models import AccessLog, Event
from households.actions.refusal import NotAllowed, Refused
from households.models import PersonalProtectionPeriod, ProtectionDecision, ProtectionPeriod
from households.protection.deciding import correct_period, record_decision, record_personal_period
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.households import members_of

FIRST, LAST, DAY = date(2024, 3, 15), date(2029, 3, 14), timedelta(days=1)
SAID = {"basis": "법 제27조제1항", "decider": "통일부장관", "decision_on": date(2026, 5, 1)}


@pytest.fixture
def officer(db):
    return UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer")


@pytest.fixture
def person(kim):
    return members_of(HouseholdFactory(worker=kim, members=["표하나"], under_protection=FIRST))[0]


def at(person, name, *more):
    return reverse(f"households:{name}", args=[person.case_number, *more])


def standing(person):
    rows = ProtectionPeriod.objects.current().filter(person=person, during__isempty=False).order_by("during")
    return [(row.during.lower, row.during.upper - DAY) for row in rows]


@pytest.mark.parametrize(
    ("basis", "first", "last", "fits"),
    [
        ("facility", date(2023, 1, 1), date(2023, 12, 31), True),
        ("facility", date(2023, 1, 1), date(2024, 1, 1), False),
        ("extension", date(2024, 2, 29), date(2029, 2, 28), True),
        ("extension", date(2024, 2, 29), date(2029, 3, 1), False),
        ("extension", date(2023, 3, 1), date(2028, 2, 29), True),
        ("extension", date(2023, 3, 1), date(2028, 3, 1), False),
        ("extension", date(2029, 3, 15), date(2034, 3, 14), True),
        ("residence", date(2024, 2, 29), date(2029, 2, 28), True),
        ("residence", date(2024, 2, 29), date(2029, 3, 1), False),
    ],
)
def test_the_database_holds_what_the_law_allows(db, basis, first, last, fits):
    person = members_of(HouseholdFactory())[0]
    row = {"person": person, "basis": basis, "during": DateRange(first, last + DAY)}
    if fits:
        ProtectionPeriod.objects.create(**row)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtectionPeriod.objects.create(**row)


def test_periods_never_overlap(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtectionPeriod.objects.create(person=person, basis="extension", during=DateRange(LAST, LAST + 10 * DAY))


def test_a_decision_closes_the_one_before_and_is_kept_once(person, officer):
    key = uuid4()
    for _tap in range(2):
        made = record_decision(person, decision="suspended", since=date(2026, 5, 2), by=officer, client_key=key, **SAID)
    again = record_decision(person, decision="suspended", since=date(2026, 5, 2), by=officer, **SAID)
    assert again.pk == made.pk
    rows = ProtectionDecision.objects.current().filter(person=person).order_by("during")
    assert [(row.decision, row.during.upper) for row in rows] == [("protected", date(2026, 5, 2)), ("suspended", None)]
    assert standing(person) == [(FIRST, LAST)], "how a suspension counts is not known: no period is touched"
    assert Event.objects.filter(verb="protection_decided").count() == 1


def test_a_decision_entered_late_stands_before_the_later_one(person, officer):
    record_decision(person, decision="suspended", since=date(2026, 6, 1), by=officer, **SAID)
    record_decision(person, decision="changed", since=date(2026, 5, 1), by=officer, **SAID)
    rows = ProtectionDecision.objects.current().filter(person=person).order_by("during")
    assert [(row.decision, row.during.upper) for row in rows] == [
        ("protected", date(2026, 5, 1)),
        ("changed", date(2026, 6, 1)),
        ("suspended", None),
    ]


def test_an_end_by_decision_ends_the_period_and_what_would_have_followed(person, officer):
    ProtectionPeriod.objects.create(person=person, basis="extension", during=DateRange(LAST + DAY, LAST + 90 * DAY))
    record_decision(person, decision="ended", since=date(2026, 5, 2), by=officer, **SAID)
    assert standing(person) == [(FIRST, date(2026, 5, 1))]


def test_an_end_by_decision_leaves_the_days_in_a_facility(person, officer):
    days = DateRange(FIRST - 90 * DAY, FIRST)
    stay = ProtectionPeriod.objects.create(person=person, basis="facility", during=days)
    record_decision(person, decision="ended", since=FIRST - 30 * DAY, by=officer, **SAID)
    assert ProtectionPeriod.objects.current().get(fact_id=stay.fact_id).during == days
    assert standing(person) == [(FIRST - 90 * DAY, FIRST - DAY)]


@pytest.mark.django_db
def test_a_suspension_without_basis_is_refused_by_the_database():
    person = members_of(HouseholdFactory())[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtectionDecision.objects.create(person=person, decision="suspended")
    ProtectionDecision.objects.create(person=person, decision="non_protected")


def test_only_the_ministry_decides(person, kim, boss):
    for user in (kim, boss):
        with pytest.raises(NotAllowed):
            record_decision(person, decision="ended", since=date(2026, 5, 2), by=user, **SAID)


def test_personal_protection_has_a_clock_of_its_own_and_begins_anew(person, officer):
    def days(first, last):
        return record_personal_period(
            person, first=first, last=last, decision_on=first, basis="", by=officer, client_key=None
        )

    days(FIRST, LAST)
    days(date(2031, 1, 1), date(2032, 1, 1))
    assert days(FIRST, LAST).pk == days(FIRST, LAST).pk
    with pytest.raises(Refused):
        days(date(2028, 1, 1), date(2029, 6, 1))
    with pytest.raises(Refused):
        days(date(2040, 1, 1), date(2045, 1, 1))
    assert PersonalProtectionPeriod.objects.count() == 2
    assert not {"grade", "state", "level"} & {field.name for field in PersonalProtectionPeriod._meta.fields}


def test_a_period_is_put_right_by_a_version_with_its_reason(person, officer):
    was = ProtectionPeriod.objects.get(person=person)
    for _tap in range(2):
        correct_period(was, first=FIRST + 31 * DAY, last=LAST + 31 * DAY, reason="전입일 정정", by=officer)
    assert standing(person) == [(FIRST + 31 * DAY, LAST + 31 * DAY)]
    assert ProtectionPeriod.objects.filter(fact_id=was.fact_id).count() == 2
    assert Event.objects.get(verb="protection_period_corrected").reason == "전입일 정정"
    with pytest.raises(Refused):
        correct_period(was, first=FIRST, last=LAST, reason="-", by=officer)


def test_no_correction_does_what_a_decision_on_an_extension_does(person, officer):
    was = ProtectionPeriod.objects.get(person=person)
    with pytest.raises(Refused) as refused:
        correct_period(was, first=FIRST, last=LAST + DAY, reason="-", by=officer)
    assert refused.value.field == "last"
    longer = ProtectionPeriod.objects.create(
        person=person, basis="extension", during=DateRange(LAST + DAY, LAST + 91 * DAY), decision="E-1"
    )
    for first, last in ((LAST + DAY, LAST + 91 * DAY), (LAST + 9 * DAY, LAST + 91 * DAY)):
        with pytest.raises(Refused) as refused:
            correct_period(longer, first=first, last=last, reason="-", by=officer)
        assert refused.value.field == "last"
    made = correct_period(longer, first=LAST + DAY, last=LAST + 60 * DAY, reason="정정", by=officer)
    assert made.decision == "E-1 · 정정", "the words of the decision stay"


# --- pages ---


def test_the_ministry_finds_by_the_whole_case_number_and_sees_no_name(person, officer, ask):
    url = reverse("households:decide_find")
    assert ask(officer, "get", url, case_number=person.case_number[:6]).status_code == 200
    assert ask(officer, "get", url, case_number=person.case_number.lower()).url == at(person, "decided")
    page = ask(officer, "get", at(person, "decided")).content.decode()
    assert "표하나" not in page
    assert "2029. 3. 14." in page
    assert AccessLog.objects.filter(view="households:decided", subjects=[person.pk]).exists()


def test_the_page_records_a_decision_once(person, officer, ask):
    sheet = {"decision": "non_protected", "since": "2026-05-02", "key": str(uuid4()), **SAID}
    for _tap in range(2):
        assert ask(officer, "post", at(person, "decide"), **sheet).url == at(person, "decided")
    assert ProtectionDecision.objects.current().filter(person=person, decision="non_protected").count() == 1
    page = ask(officer, "get", at(person, "decided")).content.decode()
    assert "제9조제4항" in page, "what still applies, with its source"
    assert "모름" in page, "and what is not known"


def test_nothing_typed_is_lost_and_the_error_stands_beside_the_field(person, officer, ask):
    answer = ask(officer, "post", at(person, "decide"), decision="ended", basis="법 제27조", since="2026-05-02")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="법 제27조"' in page
    assert "id_decider_error" in page


def test_the_pages_of_the_ministry_are_closed_to_everybody_else(person, kim, stranger, ask):
    fact = ProtectionPeriod.objects.get(person=person).fact_id
    urls = [at(person, name) for name in ("decided", "decide", "personal_period")]
    urls += [at(person, "period_correct", fact), reverse("households:decide_find")]
    for user in (kim, stranger):
        assert {ask(user, "get", url).status_code for url in urls} == {403}
        assert {ask(user, "post", url).status_code for url in urls} <= {403, 405}


def test_personal_days_and_a_correction_by_their_pages(person, officer, ask):
    days = {"first": "2024-03-15", "last": "2029-03-14", "decision_on": "2024-03-10", "key": str(uuid4())}
    assert ask(officer, "post", at(person, "personal_period"), **days).status_code == 302
    assert (
        ask(
            officer, "post", at(person, "personal_period"), **{**days, "key": str(uuid4()), "last": "2027-01-01"}
        ).status_code
        == 422
    )
    period = ProtectionPeriod.objects.get(person=person)
    url = at(person, "period_correct", period.fact_id)
    assert ask(officer, "get", url).status_code == 200
    sheet = {"first": "2024-04-15", "last": "2029-04-14", "reason": "전입일 정정", "version": period.pk}
    assert ask(officer, "post", url, **sheet).status_code == 302
    assert ask(officer, "post", url, **{**sheet, "last": "2029-05-14"}).status_code == 422, (
        "opened with the old version"
    )

"""One user of a role, and for each way a household can stand to that user everything a URL may ask for."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.utils import timezone

from casework.agencies.models import Agency, Kind
from casework.audit.models import AccessLog, Act
from casework.clock import seoul_day
from households.models import Absence, Consent, Reassignment, ReportForm, SettlementReport
from households.reports.halves import ended_before
from referrals import actions as referring
from referrals.models import Alarm, BenefitApplication, Concern, Transfer
from risk.bands import Band
from risk.campaigns.states import reach_of
from risk.models import Review, SearchEnd, Standing
from tests.architecture.case_world import case_of
from tests.architecture.office_world import office_of
from tests.factories import CentreFactory, ContactFactory, DraftFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.agencies import AgencyFactory, district
from tests.factories.changes import ChangeFactory
from tests.factories.councils import agenda_of
from tests.factories.endings import before_the_end
from tests.factories.entitlements import entitled
from tests.factories.exports import ExportFactory
from tests.factories.extensions import things_of
from tests.factories.households import members_of
from tests.factories.incidents import BacktestFactory, IncidentFactory
from tests.factories.referrals import OfficeFactory
from tests.factories.stated import CircumstanceFactory, ScreeningFactory
from tests.factories.surveys import CampaignFactory

HERE, ELSEWHERE = "서울 관악구", "부산 해운대구"
# Where each role works; every other one works at a Hana Center.
WORKS_AT = {
    "foundation_officer": Kind.FOUNDATION,
    "ministry_officer": Kind.MINISTRY,
    "residence_officer": Kind.CITY,
    "town_worker": Kind.TOWN,
    "receiving_worker": Kind.JOB_CENTRE,
    "privacy_auditor": Kind.MINISTRY,
    "system_administrator": Kind.FOUNDATION,
}
# How a household can stand to a user, and the name of its head, by which a leak is recognised.
NAMES = {
    "own": "표하나",  # the user looks after it; for roles that look after nobody: it lives in their district
    "colleague": "표둘이",  # the user's centre answers for it, somebody else looks after it
    "shared": "표세나",  # another centre's, shared with the user
    "expired": "표네온",  # the same, until yesterday
    "referred": "표여진",  # another centre's, which sent a referral to the user's agency
    "foreign": "표다솜",  # another centre's, in another district
}


@dataclass
class World:
    user: object
    records: dict  # by relation


def world_of(role):
    """Make the user and the records; facts are appended by the verbs and factories that everybody uses."""
    kind = WORKS_AT.get(role)
    agency = AgencyFactory(kind=kind, covers=[HERE]) if kind else CentreFactory(covers=[HERE])
    administers = role == "system_administrator"
    user = UserFactory(agency=agency, role=role, is_staff=administers, is_superuser=administers)
    stranger = UserFactory(agency=CentreFactory(covers=[ELSEWHERE]), role="case_manager")
    centre = agency if kind is None else CentreFactory(covers=[HERE])
    colleague = UserFactory(agency=centre, role="case_manager")
    makers = {
        "own": (HERE, colleague if kind else user),
        "colleague": (HERE, colleague),
        **dict.fromkeys(("shared", "expired", "referred", "foreign"), (ELSEWHERE, stranger)),
    }
    office = OfficeFactory()
    records = {relation: _record(relation, place, worker, user, office) for relation, (place, worker) in makers.items()}
    ShareFactory(household=records["shared"].household, to_user=user)
    ShareFactory(household=records["expired"].household, to_user=user, expired=True)
    return World(user, records)


def _record(relation, place, worker, user, office):
    """Return everything about one household: number, case_number, contact, share, consent, review, referral, draft."""
    household = HouseholdFactory(
        worker=worker,
        district=place,
        members=[NAMES[relation]],
        under_protection=True,
        person_phone="010-0000-1234",
    )
    person = members_of(household)[0]
    colleague = UserFactory(agency=worker.agency, role="supervisor")
    Standing.objects.create(household=household, band=Band.EMERGENCY, shown_band=Band.EMERGENCY)
    asked_of = user.agency if relation == "referred" else office
    made = _referral(household, worker, asked_of, relation)
    return SimpleNamespace(
        household=household,
        number=household.number,
        case_number=person.case_number,
        person=person.pk,
        sampled=household.number,
        referral=made.number,
        office=office.pk,
        staff=colleague.pk,
        grant=colleague.grants.get().pk,
        log=AccessLog.objects.create(act=Act.OPEN, subjects=[person.pk], households=[household.pk]).pk,
        **_facts(household, person, colleague, office),
        **entitled(person, by=colleague),
        **_decisions(household, worker, colleague, user, office),
        **_between_agencies(household, worker, colleague, place, made),
        danger=_referral(household, colleague, asked_of, "referred", ground="danger", note="-").number,
        **_council(relation, household, colleague, user),
        **_of_user(user if relation == "own" else colleague, household, made),
        **_reported(relation, person, user, office),
        **office_of(relation, place=list(NAMES).index(relation), user=user, colleague=colleague, office=office),
        **things_of(person, by=worker),
        **case_of(relation, household, person, worker=worker, by=colleague, user=user),
    )


def _facts(household, person, by, office):
    """What was stated of the household and its first member."""
    return {
        "contact": ContactFactory(household=household, recorded_by=by).fact_id,
        "circumstance": CircumstanceFactory(person=person, recorded_by=by).fact_id,
        "screening": ScreeningFactory(person=person, recorded_by=by).fact_id,
        "incident": IncidentFactory(household=household, recorded_by=by).fact_id,
        "consent": _consent(person, by, seoul_day(timezone.now())).fact_id,
        **before_the_end(person, by),
        "share": ShareFactory(household=household, to_user=UserFactory(agency=office, role="residence_officer")).pk,
    }


def _decisions(household, worker, by, user, office):
    """What people decided about the household, its worker, and the criteria."""
    today = seoul_day(timezone.now())
    ended = {"reason": "met", "evidence": "-", "machine_band": 4, "decided_on": today, "recorded_by": by}
    return {
        "review": _review(household, by, today).pk,
        "search_end": SearchEnd.objects.create(household=household, **ended).pk,
        "absence": Absence.objects.create(worker=by, during=(today, today + timedelta(days=2))).fact_id,
        "reassignment": Reassignment.objects.create(center=worker.agency, recorded_by=by).pk,
        "backtest": BacktestFactory(requested_by=by).pk,
        "change": ChangeFactory(
            household=household, proposed_by=UserFactory(agency=office, role="ministry_officer")
        ).pk,
        "survey": CampaignFactory(households=[household]).pk,
        "own_survey": CampaignFactory(agency_id=reach_of(user)).pk,
    }


def _reported(relation, person, user, office):
    """A settlement report: of the user's own local government, or of another one."""
    agency = user.agency if relation == "own" and user.agency.kind == Kind.CITY else OfficeFactory()
    by = UserFactory(agency=office, role="residence_officer")
    form, now = ReportForm.objects.get(), timezone.now()
    about = {"half_begins": ended_before(seoul_day(now)), "form": form, "begun_by": by, "begun_at": now}
    return {
        "report": SettlementReport.objects.create(agency=agency, **about).number,
        "reported": person.case_number,
    }


def _between_agencies(household, worker, by, place, made):
    """What is on its way to another agency, or came from one."""
    applied = {"benefit": "생계급여", "applied_on": seoul_day(timezone.now()), "recorded_by": by}
    return {
        "transfer": _transfer(household, worker, by).number,
        "concern": _concern(household, worker, by, place).number,
        "application": BenefitApplication.objects.create(referral=made, **applied).pk,
    }


def _of_user(owner, household, made):
    """What belongs to one user alone: what is being written, taken away."""
    return {
        "draft": DraftFactory(author=owner, household=household, kind="contact").client_key,
        "export": ExportFactory(asker=owner).number,
        "alarm": _alarm(made, owner).pk,
    }


def _transfer(household, worker, by):
    to = Agency.objects.centres().exclude(pk=worker.agency_id).order_by("pk").first()
    return Transfer.objects.create(
        household=household, from_agency=worker.agency, to_agency=to, proposed_by=by, proposed_at=timezone.now()
    )


def _concern(household, worker, by, place):
    now = timezone.now()
    moments = {"taken_at": now, "waits_since": now, "seen_on": seoul_day(now)}
    words = {"way": "neighbour", "words": "-", "district": district(place), "taken_by": by, "centre": worker.agency}
    return Concern.objects.create(household=household, **moments, **words)


def _council(relation, household, by, user):
    """A council of the household's centre, a meeting, the household on its agenda, a task of the centre; convened by
    the user's own office where it is one."""
    convenes = relation == "own" and user.agency.kind == Kind.CITY
    return agenda_of(household, by=by, convener=user.agency if convenes else OfficeFactory())


def _alarm(referral, named):
    """An alarm about a referral that names one person; of the user's own, the user."""
    at = timezone.now()
    moments = {"begins_at": at, "ran_out_at": at, "due_at": at, "raised_at": at}
    words = {"station": "acknowledge", "rung": 2, "to_user": named, "to_agency": named.agency}
    return Alarm.objects.create(referral=referral, **words, **moments)


def asked(client, method, url):
    """Ask, and take back whatever it wrote. A view that raises answers 500, as it would in front of users."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        try:
            return client.get(url) if method == "GET" else client.post(url)
        except Exception as error:
            return HttpResponse(f"{type(error).__name__}: {error}", status=500)
        finally:
            transaction.set_rollback(True)
            client.cookies = cookies


def _consent(person, by, today):
    during = DateRange(today - timedelta(days=10), None)
    return Consent.objects.create(person=person, purpose="의뢰", items=["members"], during=during, recorded_by=by)


def _review(household, by, today):
    return Review.objects.create(
        household=household,
        decision="adjust",
        band=Band.HIGH,
        machine_band=Band.EMERGENCY,
        reason="연락이 닿았습니다.",
        review_on=today + timedelta(days=7),
        decided_on=today,
        recorded_by=by,
    )


def _referral(household, sender, agency, relation, ground="duty", note=""):
    """A draft of the sending agency; the one addressed to the user's agency was sent."""
    now = timezone.now()
    draft = referring.save_draft(
        household,
        by=sender,
        now=now,
        client_key=uuid4(),
        to_agency=agency,
        need="livelihood",
        title="생계 지원을 부탁드립니다",
        request="신청을 도와주시면 좋겠습니다.",
        ground=ground,
        sections=("members",),
        facts="",
        hoped="",
        note=note,
        consent=None,
    )
    return referring.VERBS["send"](draft, by=sender, now=now) if relation == "referred" else draft

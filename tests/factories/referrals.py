"""Referrals, brought to where a test needs them by the verbs that people use."""

from datetime import timedelta
from uuid import uuid4

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.agencies.models import Jurisdiction
from referrals import actions
from referrals.grounds import BENEFITS
from referrals.models import Referral
from tests.factories.agencies import AgencyFactory, UserFactory, district, give
from tests.factories.households import HouseholdFactory

REACHED_BY = {
    "draft": [],
    "sent": ["send"],
    "received": ["send", "acknowledge"],
    "accepted": ["send", "acknowledge", "accept"],
    "declined": ["send", "acknowledge", "decline"],
    "in_progress": ["send", "acknowledge", "accept", "begin"],
    "on_hold": ["send", "acknowledge", "accept", "begin", "hold"],
    "disputed": ["send", "acknowledge", "accept", "begin", "provide", "return"],
    "failed": ["send", "acknowledge", "accept", "begin", "fail"],
    "provided": ["send", "acknowledge", "accept", "begin", "provide"],
    "confirmed": ["send", "acknowledge", "accept", "begin", "provide", "confirm"],
    "closed": ["send", "acknowledge", "accept", "begin", "provide", "confirm", "close"],
    "cancelled": ["send", "cancel"],
}
SAID = {
    "decline": {"reason": "관할이 아닙니다."},
    "provide": {"outcome": "provided", "text": "전기가 다시 들어왔습니다."},
    "hold": {"waits_for": "client", "reason": "퇴원을 기다립니다."},
    "return": {"reason": "아직 받지 못했다고 하십니다."},
    "fail": {"reason": "본인이 이사하였습니다."},
    "cancel": {"reason": "다른 기관이 먼저 도왔습니다."},
}
SENDERS = {"send", "cancel", "confirm", "return", "close"}


class OfficeFactory(AgencyFactory):
    """A city office that covers 서울 관악구."""

    kind = "city"
    name_ko = factory.Sequence(lambda n: f"시험 구청 {n}")

    @factory.post_generation
    def covers(self, create, names, **kwargs):
        for name in names or ["서울 관악구"]:
            Jurisdiction.objects.create(agency=self, district=district(name), during=DateRange(None, None))


class ReceiverFactory(UserFactory):
    """Somebody who receives referrals at a city office (`agency`)."""

    agency = factory.SubFactory(OfficeFactory)

    @factory.post_generation
    def role(self, create, code, until=None, **kwargs):
        give(self, code or "residence_officer", until=until)


class ReferralFactory(factory.django.DjangoModelFactory):
    """A referral that `stands` somewhere (`sent` unless said), written at `sent_at` by `sender`, handled by `receiver`.

    Its steps lie an hour apart. `sections` and the texts are what the sender picked.
    """

    sender = factory.SubFactory(UserFactory)
    receiver = factory.SubFactory(ReceiverFactory)
    household = factory.LazyAttribute(lambda made: HouseholdFactory(worker=made.sender, members=3))
    stands = "sent"
    sent_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=8))
    need = "livelihood"
    title = "긴급복지 생계지원을 부탁드립니다"
    request = "신청을 도와주시고 함께 방문해 주시면 좋겠습니다."
    ground = factory.LazyAttribute(lambda made: "duty" if made.need in BENEFITS else "danger")
    note = factory.LazyAttribute(lambda made: "생명이 위급합니다." if made.ground == "danger" else "")
    sections = ("members", "dwelling")
    facts = "11. 3. 전기 끊김"
    hoped = "긴급복지 생계지원 신청"

    class Meta:
        model = Referral

    @classmethod
    def _create(cls, model, *, sender, receiver, household, stands, sent_at, **words):
        words = {"to_agency": receiver.agency, "consent": None, **words}
        referral = actions.save_draft(household, by=sender, now=sent_at, client_key=uuid4(), **words)
        for hours, verb in enumerate(REACHED_BY[stands]):
            by, at = (sender if verb in SENDERS else receiver), sent_at + timedelta(hours=hours)
            referral = actions.VERBS[verb](referral, by=by, now=at, **SAID.get(verb, {}))
        return referral

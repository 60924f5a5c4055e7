"""A request about a person's protection period, for pages that only need one there."""

from datetime import timedelta

from django.utils import timezone

from casework.clock import seoul_day
from households.models import (
    CouncilSeat,
    ExtensionRequest,
    LocalOpinion,
    Objection,
    ProtectionPeriod,
    RequestEvidence,
    RequestGround,
    Sitting,
    SittingItem,
)
from households.models.ground import ExtensionGround


def request_of(person, *, by, status="submitted", **words):
    """A request that somebody wrote down and, unless it is a draft, submitted; with one paper and one ground."""
    on = seoul_day(timezone.now())
    period = ProtectionPeriod.objects.current().filter(person=person).order_by("-during").first()
    last = period.during.upper - timedelta(days=1) if period else on + timedelta(days=50)
    said = {
        "period": period.fact_id if period else 0,
        "period_from": period.during.lower if period else None,
        "period_until": last,
        "asked_until": last + timedelta(days=365),
        "route": "person",
        "applicant": "신청인",
        "born_on": on.replace(year=on.year - 50, day=1),
        "reason": "치료가 이어집니다.",
        "written_on": on,
        "signature": "" if status == "draft" else "paper",
        "signed_on": None if status == "draft" else on,
        "submitted_at": None if status in ("draft", "signed") else timezone.now(),
        **words,
    }
    made = ExtensionRequest.objects.create(person=person, agency=by.agency, taken_by=by, status=status, **said)
    ground = ExtensionGround.objects.get(code="ELDERLY")
    RequestGround.objects.create(request=made, ground=ground)
    RequestEvidence.objects.create(request=made, what="진단서", added_at=timezone.now(), added_by=by)
    return made


def things_of(person, *, by):
    """Return the keys {extension, opinion, objection, sitting, sitting_item, council_seat} of one of each."""
    made, now = request_of(person, by=by), timezone.now()
    on = seoul_day(now)
    meeting = Sitting.objects.create(starts_at=now + timedelta(days=9), planned_by=by)
    opinion = LocalOpinion.objects.create(request=made, agency=by.agency, asked_on=on, asked_by=by, due_on=on)
    objection = Objection.objects.create(request=made, received_on=on, words="-", received_by=by)
    item = SittingItem.objects.create(sitting=meeting, request=made)
    seat = CouncilSeat.objects.create(office=f"위원 {made.pk}", during=(on, None), recorded_by=by)
    return {
        "extension": made.number,
        "opinion": opinion.pk,
        "objection": objection.pk,
        "sitting": meeting.number,
        "sitting_item": item.pk,
        "council_seat": seat.pk,
    }

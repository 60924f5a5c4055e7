"""The verbs of the catalogue: draw up a new version, change it, ask for approval, approve, discard.

Nobody approves what they drew up; a version that was approved never changes, and one that holds for a day replaces it
from that day on. What was known before stays as it was known.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.landing import landed
from households.actions.refusal import NotAllowed, Refused
from households.entitlements.amounts import checked_amounts
from households.entitlements.vocabulary import COUNTS_ONLY_WITH, validated
from households.entitlements.workflow import ENTITLEMENT
from households.models import Entitlement, EntitlementVersion
from households.models.entitlement import Rests, Section

TEXTS: tuple[str, ...] = (
    "name_ko",
    "name_en",
    "decides_ko",
    "decides_en",
    "apply_ko",
    "apply_en",
    "note_ko",
    "note_en",
    "article",
    "source",
)
NEEDED = ("name_ko", "name_en", "decides_ko", "decides_en", "source", "why")
CONTENT = (*TEXTS, "rests", "criteria", "amounts", "counts_missed", "off", "why")
FARTHEST = timedelta(days=366)


def check_can_keep(user):
    """Raise `NotAllowed` unless the user keeps the catalogue."""
    if not can(user, May.KEEP_ENTITLEMENTS):
        raise NotAllowed(_("The catalogue of entitlements is kept by officers of the Ministry."))


@transaction.atomic
def begin(*, code, section, whom, by, client_key=None, **content):
    """Add an entry to the catalogue with the draft of its first version, and return the draft; it entitles nobody until
    that is approved. The same `client_key` gives the first one. Raises as `draw_up`, and ValidationError for `code`."""
    check_can_keep(by)
    if first := landed(EntitlementVersion.objects, by=by, client_key=client_key, author="proposed_by"):
        return first
    entry, made = Entitlement.objects.get_or_create(code=code, defaults={"section": section, "whom": whom})
    if not made:
        raise ValidationError({"code": [_("This code is taken. Please choose another.")]})
    return draw_up(entry, by=by, client_key=client_key, **content)


@transaction.atomic
def draw_up(entitlement, *, by, client_key=None, **content):
    """Return a draft of a new version of an entitlement; the same `client_key` gives the first one.

    `content`: the fields of CONTENT. Raises NotAllowed, ValidationError by field, and Refused where one is
    open already.
    """
    check_can_keep(by)
    if first := landed(EntitlementVersion.objects, by=by, client_key=client_key, author="proposed_by"):
        return first
    fields = checked(entitlement, content)
    try:
        with transaction.atomic():
            made = EntitlementVersion.objects.create(
                entitlement=entitlement, proposed_by=by, client_key=client_key, **fields
            )
    except IntegrityError:
        first = landed(EntitlementVersion.objects, by=by, client_key=client_key, author="proposed_by")
        if first is None:
            raise Refused(_("A new version of this entitlement is being drawn up already.")) from None
        return first
    record("entitlement drawn up", made, by=by, reason=made.why, data={"code": entitlement.code})
    return made


def edit(version, *, by, **content):
    """Give a draft other content; where it waited for approval it is a draft again. What differs in nothing is
    left as it is."""
    fields = checked(version.entitlement, content)
    changed = {name: value for name, value in fields.items() if getattr(version, name) != value}
    if not changed:
        return version
    return ENTITLEMENT.perform(version, "edit", by=by, data={"fields": sorted(changed)}, **changed)


def request(version, *, by):
    """Ask a second officer to approve; what was drawn up stands from here on."""
    return ENTITLEMENT.perform(version, "request", by=by)


@transaction.atomic
def approve(version, *, by, starts_on, today, now, seen=None):
    """Put the version in force from `starts_on`; return it. `seen`: `digest_of` the version that was read.

    The day may lie in the past, for an amount that was published late: what was answered before is answered again only
    from now on. Raises NotYours, NotNow, and Refused with the sentence.
    """
    ENTITLEMENT.check(version, "approve", by)
    if starts_on > today + FARTHEST:
        raise Refused(_("A version comes into force within a year."), field="starts_on")
    first = EntitlementVersion.objects.filter(entitlement=version.entitlement, status="approved")
    before = first.order_by("starts_on").values_list("starts_on", flat=True).first()
    if before and starts_on < before:
        raise Refused(_("The catalogue begins on %(day)s. Choose a later day.") % {"day": before}, field="starts_on")
    done = ENTITLEMENT.perform(
        version,
        "approve",
        by=by,
        data={"code": version.entitlement.code, "starts_on": starts_on.isoformat()},
        starts_on=starts_on,
        decided_by=by,
        decided_at=now,
    )
    if digest_of(done) != (digest_of(version) if seen is None else seen):
        raise Refused(_("It was changed since you opened the page. Please read it again."))
    return done


def discard(version, *, by, reason, now):
    """Give the draft up, with a reason."""
    because = reason.strip()[:2000]
    if not because:
        raise Refused(_("Write why it is discarded."), field="reason")
    moment = {"decided_by": by, "decided_at": now}
    return ENTITLEMENT.perform(version, "discard", by=by, reason=because, discarded_because=because, **moment)


def content_of(version):
    """Return everything that a second person reads, as a dict."""
    return {name: getattr(version, name) for name in CONTENT}


def digest_of(version):
    """Return the checksum (SHA-256) of `content_of` a version."""
    return hashlib.sha256(json.dumps(content_of(version), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def checked(entitlement, content):
    """Return the fields of a version as they are kept; raise ValidationError with sentences by field."""
    fields: dict[str, Any] = {name: str(content.get(name) or "").strip() for name in (*TEXTS, "why")}
    wrong = {name: [_("Please fill this in.")] for name in NEEDED if not fields[name]}
    fields |= {"counts_missed": bool(content.get("counts_missed")), "off": bool(content.get("off"))}
    fields["rests"] = content.get("rests") if content.get("rests") in Rests.values else Rests.OWN
    line = entitlement.section == Section.LINE
    for name, check in (("criteria", _no_criteria if line else validated), ("amounts", checked_amounts)):
        try:
            fields[name] = check(content.get(name) or [])
        except ValidationError as error:
            wrong |= error.message_dict
    if fields["counts_missed"] and "criteria" in fields and not _counts(fields["criteria"]):
        wrong["counts_missed"] = [_("It counts only with the criterion of an income below the benefit threshold.")]
    if wrong:
        raise ValidationError(wrong)
    return fields


def _counts(criteria):
    return any(criterion["word"] == COUNTS_ONLY_WITH and not criterion.get("check") for criterion in criteria)


def _no_criteria(criteria):
    if criteria:
        raise ValidationError({"criteria": [_("A reference amount entitles nobody; it has no criteria.")]})
    return []

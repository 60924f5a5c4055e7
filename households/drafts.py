"""Drafts: what somebody is typing, kept on the server until it is a record or thrown away."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from casework.audit.record import record
from households.actions.refusal import Refused
from households.models import Contact, Draft, NeedsAssessment, ServicePlan

RECORDS: dict[Any, str] = {Contact: "recorded_by", NeedsAssessment: "recorded_by", ServicePlan: "begun_by"}
"""What a draft becomes under the same key, with the field of its author."""
NOT_KEPT = {"csrfmiddlewaretoken", "kind", "household", "draft"}
LARGEST = 64_000
"""Characters of one draft: far above any note, far below what fills a disk."""


@transaction.atomic
def keep(*, by, key: UUID, kind, household=None, typed, step=""):
    """Keep what was typed under the author's `key`; return the Draft, or None when its record is already made.

    `typed` is {field: [values]}; with a `step` (intake) it replaces that step only. Raises `Refused` for too much.
    """
    fields = {name: values for name, values in typed.items() if name not in NOT_KEPT}
    if sum(len(value) for values in fields.values() for value in values) > LARGEST:
        raise Refused(_("This is too long to be kept as a draft."))
    if any(model.objects.filter(client_key=key, **{author: by}).exists() for model, author in RECORDS.items()):
        return None
    draft, _made = Draft.objects.get_or_create(
        author=by, client_key=key, defaults={"kind": kind, "household": household, "step": step}
    )
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    draft.payload = {**draft.payload, step: fields} if step else fields
    draft.step = step or draft.step
    draft.save(update_fields=["payload", "step", "saved_at"])
    return draft


def typed_in(draft, step=""):
    """Return what a draft holds as {field: value or list}, for a form's data."""
    return draft.payload.get(step, {}) if step else draft.payload


@transaction.atomic
def discard(draft, *, by):
    """Throw a draft away. That it was thrown away is kept; what was in it is not."""
    record("draft_discarded", draft, by=by, data={"kind": draft.kind})
    draft.delete()

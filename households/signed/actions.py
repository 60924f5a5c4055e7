"""The verbs that do not ask what a report holds: back to preparing, signing off, sending. `flow`: its workflow."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from households.actions.refusal import Refused


@transaction.atomic
def back(flow, report, *, by, now, reason):
    """Take the report back to preparing, with a reason; what was frozen is kept and stands in it no longer."""
    nobody = dict.fromkeys(("ready_by", "ready_at", "signed_by", "signed_at"))
    fresh = flow.perform(report, "back", by=by, reason=reason, **nobody)
    fresh.reason = reason
    fresh.save(update_fields=["reason"])
    return fresh


@transaction.atomic
def sign(flow, report, *, by, now, digest=""):
    """Sign off what was frozen, by somebody else than who made it ready. `digest`: the checksum the page showed; raises
    `Refused` where it is missing, or was frozen anew meanwhile."""
    held = type(report).objects.select_for_update(of=("self",)).get(pk=report.pk)
    flow.check(held, "sign", by)
    if digest != held.digest:
        raise Refused(_("The report was frozen anew meanwhile. Please look at it again before you sign."))
    return flow.perform(held, "sign", by=by, data={"digest": held.digest}, signed_by=by, signed_at=now)


@transaction.atomic
def send(flow, report, *, by, now, reference=""):
    """Record that the report went out, under which number of the document; from now on nothing of it changes."""
    said = {"reference": reference.strip(), "sent_by": by, "sent_at": now}
    return flow.perform(report, "send", by=by, data={"reference": said["reference"]}, **said)


def bound(flow) -> tuple[Callable[..., Any], ...]:
    """Return `back`, `sign` and `send` for one workflow, each to be called with the report."""
    return tuple(partial(verb, flow) for verb in (back, sign, send))

"""Steps on a referral from a system: the verbs of the workflow, on the version that the caller has read."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from casework.agencies.models import Agency
from casework.api.problems import Problem
from casework.api.versions import check_if_match, etag
from casework.workflow import NotNow, NotYours
from referrals import actions, thread
from referrals.api import finding, shown
from referrals.models import Message
from referrals.taking import locked
from referrals.workflow import REFERRAL


def act(request, number, verb, words):
    """Take the step `verb` with `words` (the validated body) and return the referral as it stands then.

    Raises Http404 for a referral that the caller does not see, Problem for a version that is not named or not the
    present one, or for a step that is not open; PermissionDenied for the other side's step.
    """
    user, now = request.user, timezone.now()
    try:
        with transaction.atomic():
            locked(finding.found(user, number))
            referral = finding.found(user, number)
            check_if_match(request, etag(shown.version(referral, user)))
            REFERRAL.check(referral, verb, user)
            actions.VERBS[verb](referral, by=user, now=now, **arguments(verb, words, referral))
    except NotYours:
        raise PermissionDenied(_("This step is the other agency's.")) from None
    except NotNow:
        raise Problem("conflict", actions.too_late(finding.found(user, number), verb, by=user)) from None
    except actions.PacketChanged:
        raise _packet_changed(user, number, now) from None
    return finding.found(user, number)


def say(request, number, words, client_key):
    """Write a line of the thread and return the referral as it stands then; raises as `act` does."""
    user, now = request.user, timezone.now()
    referral = finding.found(user, number)
    said = {"by": user, "now": now, "text": words["text"], "client_key": client_key}
    try:
        if words["kind"] == Message.Kind.ANSWER:
            thread.answer(_question(referral, words["answers"]), **said)
        else:
            (thread.ask if words["kind"] == Message.Kind.QUESTION else thread.comment)(referral, **said)
    except NotYours:
        raise PermissionDenied(_("The receiver asks, the sender answers.")) from None
    except NotNow:
        raise Problem("conflict", _("Nothing can be said to this any more.")) from None
    return finding.found(user, number)


def _question(referral, pk):
    found = referral.messages.filter(pk=pk, kind=Message.Kind.QUESTION).select_related("referral").first()
    if found is None:
        raise _wrong("answers", _("This is no question of this referral."))
    return found


def arguments(verb, words, referral):
    """Return what the verb takes besides the referral, from the words of its body."""
    named = dict(words)
    if verb == "accept":
        return {"handler": _handler(named.get("handler"), referral)}
    if verb == "reroute":
        named["to_agency"] = _agency(named["to_agency"])
    if verb == "provide":
        named["results"] = {line["order"]: (line["result"], line["text"]) for line in named["results"]}
    return named


def _handler(username, referral):
    if not username:
        return None
    found = actions.handlers(referral).filter(username=username).first()
    if found is None:
        raise _wrong("handler", _("Nobody at your agency who receives referrals has this log-in name."))
    return found


def _agency(pk):
    found = Agency.objects.filter(pk=pk).first()
    if found is None:
        raise _wrong("to_agency", _("There is no agency with this number."))
    return found


def _wrong(field, text):
    return Problem("invalid", errors=[{"field": field, "detail": text}])


def _packet_changed(user, number, now):
    """The register moved on since the draft was read: write the draft anew, and let the caller look again."""
    referral = finding.found(user, number)
    actions.change_draft(referral, by=user, packet=actions.repacked(referral, now))
    return Problem("conflict", _("The register has changed. Read the draft again before it is sent."), keeps=True)

"""What is done beside the table of steps: words of the thread, taking many or one, the law's clock."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.workflow import NotNow, NotYours
from referrals import actions, bulk, handing, statutory, step_forms, thread
from referrals import inbox as inboxes
from referrals.models import Message, Referral
from referrals.views import shown, visible
from referrals.workflow import is_receiver

NAMED = 5
SAID = {
    Message.Kind.COMMENT: gettext_lazy("Written."),
    Message.Kind.QUESTION: gettext_lazy("Asked. It is the sending agency's turn until it answers."),
    Message.Kind.ANSWER: gettext_lazy("Answered."),
}
BENEFIT_STEPS: dict[str, tuple[Callable[..., None], Callable[..., object]]] = {
    "decide": (statutory.check_may_decide, statutory.decide),
    "extend": (statutory.check_may_extend, statutory.extend),
}


@require_POST
def say(request, number):
    """Write a line of the thread: a comment, a question, an answer. A double tap lands once."""
    referral = visible(request, number)
    form = step_forms.message("", data=request.POST)
    kind = request.POST.get("kind", "")
    asked = "ask" if kind == Message.Kind.QUESTION else kind
    try:
        if not form.is_valid():
            _check_may_say(referral, kind, request)
            return shown(request, referral, asked, of=_question_id(request), form=form, status=422)
        _say(referral, kind, form.cleaned_data, request)
    except NotYours:
        raise PermissionDenied from None
    except NotNow:
        messages.warning(request, _("Nothing was written: this is no longer open."))
    else:
        messages.success(request, SAID[kind])
    return redirect(f"{reverse('referrals:detail', args=[number])}#thread")


def _say(referral, kind, words, request):
    said = {"by": request.user, "now": timezone.now(), "text": words["text"], "client_key": words["client_key"]}
    if kind == Message.Kind.ANSWER:
        return thread.answer(get_object_or_404(referral.messages, pk=words["answers"]), **said)
    return (thread.ask if kind == Message.Kind.QUESTION else thread.comment)(referral, **said)


def _check_may_say(referral, kind, request):
    if kind == Message.Kind.QUESTION:
        return thread.check_may_ask(referral, request.user)
    if kind == Message.Kind.ANSWER:
        question = get_object_or_404(referral.messages, pk=_question_id(request))
        return thread.check_may_answer(referral, question, request.user)
    return thread.check_may_say(referral, request.user)


def _question_id(request):
    asked = request.POST.get("answers", "")
    return int(asked) if asked.isdecimal() else None


@require_POST
def take(request, number):
    """Take the referral in one click, or give it to a colleague; who comes second reads who was first."""
    referral = visible(request, number)
    form = step_forms.handler(referral, data=request.POST)
    try:
        handing.check_with_receiver(referral, request.user)
        if not form.is_valid():
            return shown(request, referral, "assign", form=form, status=422)
        handler = form.cleaned_data["handler"] or request.user
        handing.assign(referral, by=request.user, handler=handler, was=form.cleaned_data["was"])
        messages.success(request, _("%(name)s has it now.") % {"name": handler})
    except NotYours:
        raise PermissionDenied from None
    except NotNow:
        messages.warning(request, actions.too_late(visible(request, number), "assign", by=request.user))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("referrals:detail", number)


@require_POST
def many(request):
    """Acknowledge, accept or give out what is ticked in the inbox; say of each that was too late what happened."""
    verb, seen = request.POST.get("verb", ""), dict(_ticked(request.POST.getlist("ticked")))
    box = inboxes.box_asked(request.user, request.GET.get("box"))
    back = redirect(f"{reverse('referrals:inbox')}?box={box}")
    if not can(request.user, May.RECEIVE):
        raise PermissionDenied
    if verb not in bulk.VERBS:
        return HttpResponseBadRequest()
    if not seen or len(seen) > bulk.MOST:
        messages.warning(request, _("Please tick between 1 and %(n)s referrals.") % {"n": bulk.MOST})
        return back
    rows = list(Referral.objects.visible_to(request.user).filter(number__in=seen).order_by("id"))
    if len(rows) < len(seen):
        raise Http404
    if not all(is_receiver(row, request.user) for row in rows):
        raise PermissionDenied
    was = {row.pk: seen[row.number] for row in rows}
    done = bulk.act_on_each(rows, verb, by=request.user, now=timezone.now(), handler=_handler(request), seen=was)
    _tell(request, done)
    return back


def _ticked(values):
    """Yield (number, id of who had it on the page or None); a value that is neither is of no referral."""
    for value in values:
        number, _dot, handler = value.partition(".")
        yield number, int(handler) if handler.isdecimal() else None


def _handler(request):
    asked = request.POST.get("handler", "")
    if not asked.isdecimal():
        return request.user
    return get_object_or_404(User, pk=asked, agency=request.user.agency_id)


def _tell(request, done):
    good, late = [one for one in done if not one.why], [one for one in done if one.why]
    if good:
        messages.success(request, ngettext("%(n)s done.", "%(n)s done.", len(good)) % {"n": len(good)})
    for one in late[:NAMED]:
        messages.warning(request, f"{one.referral.number}: {one.why}")
    if (more := len(late) - NAMED) > 0:
        messages.warning(request, ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})


@require_POST
def benefit(request, number):
    """Record that a benefit was applied for: from that day on the law counts."""
    referral, form = visible(request, number), step_forms.application(request.POST)
    said = _("Recorded. The law's days are counted from the day of the application.")
    late = _("Nothing was recorded: this referral is no longer open.")
    law = (statutory.check_may_record, statutory.record_application)
    answer = _recorded(request, referral, law, form, number=number, said=said, late=late)
    return answer or shown(request, referral, "benefit", form=form, status=422)


@require_POST
def benefit_step(request, number, pk, verb):
    """Record the decision on an application, or state why it takes up to 60 days."""
    referral = visible(request, number)
    application = get_object_or_404(referral.applications, pk=pk)
    if verb not in BENEFIT_STEPS:
        raise Http404
    form, late = step_forms.of_benefit(verb, request.POST), _("This was already done. Nothing was changed.")
    answer = _recorded(request, application, BENEFIT_STEPS[verb], form, number=number, said=_("Recorded."), late=late)
    return answer or shown(request, referral, verb, of=pk, form=form, status=422)


def _recorded(request, subject, law, form, *, number, said, late):
    """Return where to go on after `law` (its check, its verb) took what the form says; None: the form has errors."""
    check, act = law
    try:
        check(subject, request.user)
        if form.is_valid():
            act(subject, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, said)
            return redirect(f"{reverse('referrals:detail', args=[number])}#law")
    except NotYours:
        raise PermissionDenied from None
    except NotNow:
        messages.warning(request, late)
        return redirect("referrals:detail", number)
    except ValidationError as refused:
        form.add_error(None, refused)
    return None

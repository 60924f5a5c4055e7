"""The answer to a data request as a letter, in Korean whatever language the page is read in. The envelope and the
name of the file say no more than a number.
"""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from casework.clock import seoul_day
from casework.paper import GREY, Paper
from casework.templatetags.format import fullday, fulltime
from households.members import names_on
from households.models import DataRequest
from households.models.data_request import ANSWERED, Scope
from households.requests import clocks

Outcome, Kind = DataRequest.Outcome, DataRequest.Kind


def letter_of(request, *, by, now):
    """Return the letter with the answer as the bytes of a PDF file, or None before there is one."""
    if request.status not in ANSWERED:
        return None
    with override("ko"):
        return _drawn(request, by, now)


def pdf(content, name):
    """Return a PDF file as an answer; the name of the file says no more than a number."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def parts_of(request):
    """Return what the letter says after its facts, as (title, [paragraph])."""
    parts = [(_("The answer"), [str(request.get_outcome_display()), request.reasons])]
    if request.outcome != Outcome.GRANTED:
        parts.append((_("Ground in the law"), [request.legal_ground]))
    if request.kind == Kind.RESTRICT and request.outcome != Outcome.REFUSED:
        parts.append((_("What is stopped"), [str(Scope(one).label) for one in request.scopes]))
        parts.append((_("What goes on all the same"), goes_on()))
    if request.kind == Kind.CORRECT and request.outcome != Outcome.GRANTED:
        parts.append((_("Your words stand beside the entry"), [_("What you said is kept beside the entry, as said.")]))
    if request.done_words:
        parts.append((_("How it was corrected"), [request.done_words]))
    return [*parts, (_("If you do not agree"), [objecting()])]


def goes_on():
    """Return what a restriction never stops, as sentences; why stands in docs/adr/0026."""
    return [
        _("Your worker still looks after you and keeps the record of it."),
        _("Where a life may be in danger, that is still looked at, and help is asked for without delay."),
        _("What law obliges the centre or the Ministry to do or to report is still done."),
    ]


def objecting():
    """Say how one can object, as far as it was found."""
    return _(
        "You can say at the centre, in words or in writing, that you do not agree; it is taken down as a new request. "
        "The procedure of law for an objection and its days were not found when this form was made; the centre asks "
        "for you."
    )


def _drawn(request, by, now):
    name = names_on([request.person_id], seoul_day(now)).get(request.person_id, request.person.case_number)
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    paper = Paper([who, request.number], margin=20)
    paper.set_title(request.number)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("P", str(by.agency), "", 11, 7, GREY)
    paper.say("H1", _("Answer to your request about your data"), "B", 18, 11)
    paper.rule()
    facts = [
        (_("Number"), request.number),
        (_("Name of the person"), name),
        (pgettext("data request", "What is asked"), str(request.get_kind_display())),
        (_("Right in the law"), clocks.article_of(request.kind)),
        (_("Received on"), fullday(request.received_on)),
        (_("Asked by"), f"{request.representative} ({request.relation})" if request.representative else ""),
        (_("Answered on"), fullday(request.answered_on)),
    ]
    for label, text in facts:
        if text:
            paper.say_beside(label, str(text), width=46)
    paper.rule()
    for title, said in parts_of(request):
        if paper.will_page_break(24):
            paper.add_page()
        paper.say("H2", title, "B", 12.5, 9)
        for one in said:
            paper.say("P", str(one), "", 10.5, 6.2)
        paper.ln(3)
    return bytes(paper.output())

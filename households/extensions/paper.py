"""Letters of a request, in Korean whatever language the page is read in: the form, the result, the notice to the local
government, the record of a sitting. No more personal data than each needs, and the number alone as a file's name.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.clock import seoul_day
from casework.paper import GREY, Paper
from casework.templatetags.format import fullday, fulltime
from households.extensions.deciding import objection_until
from households.extensions.drafting import place_kept_back
from households.extensions.sitting import members_at, quorum_of
from households.models import ExtensionRequest, ExtensionTerm, SittingItem

FORM, RESULT, LOCAL = "form", "result", "local"
Term = ExtensionTerm.Code
Outcome = ExtensionRequest.Outcome


@dataclass(frozen=True)
class Letter:
    """A letter before it is drawn: facts as (label, text), parts as (title, [paragraph]), and the small print."""

    number: str
    head: str
    title: str
    facts: list
    parts: list
    small: list = field(default_factory=list)


def printed(request, kind, *, by, now):
    """Return a letter of a request as the bytes of a PDF file: "form", "result" or "local" (the notice to the local
    government); None where there is none yet."""
    if kind != FORM and request.decided_on is None:
        return None
    with override("ko"):
        return _drawn(LETTERS[kind](request, seoul_day(now)), by, now)


def record_of(sitting, *, by, now):
    """Return the record of a sitting as the bytes of a PDF file: requests by number, no name of a person."""
    with override("ko"):
        return _drawn(_record(sitting), by, now)


def _form(request, on):
    proxy = f"{request.proxy} ({request.proxy_relation})" if request.proxy else ""
    period = _("from %(first)s until %(last)s") % {
        "first": fullday(request.period_from) or "–",
        "last": fullday(request.period_until),
    }
    facts = [
        (_("Number"), request.number),
        (_("Name of the person"), request.applicant),
        (_("Date of birth"), fullday(request.born_on)),
        (_("Address: district and town"), "" if place_kept_back(request.person, on) else request.place),
        (_("Name of the proxy"), proxy),
        (_("Residence protection now"), period),
        (_("What the request asks"), f"{request.get_kind_display()} · {fullday(request.asked_until)}"),
    ]
    signed = _("Signature or seal: ____________________")
    if request.signed_on:
        signed = _("Signed on %(day)s (%(way)s)") % {
            "day": fullday(request.signed_on),
            "way": request.get_signature_display(),
        }
    parts = [
        (_("Grounds (our own list)"), [str(one.ground) for one in _grounds(request)]),
        (_("Reason"), [request.reason]),
        (_("Papers attached"), [_paper_line(one) for one in request.evidence.order_by("id")]),
        (_("Signature"), [fullday(request.written_on), signed, _("To the Minister of Unification")]),
    ]
    small = [
        _(
            "The Enforcement Rule asks for Form No. 1 (Article 1-2). Its text was not found: the fields of this sheet "
            "are our own reading. Please write them over into the official form where it is asked for."
        )
    ]
    return Letter(
        request.number, _route(request), _("Request to shorten or extend residence protection"), facts, parts, small
    )


def _result(request, _on):
    terms = ExtensionTerm.objects.numbers(request.decided_on)
    facts = [
        (_("Number"), request.number),
        (_("Name of the person"), request.applicant),
        (_("Decided on"), fullday(request.decided_on)),
        (_("Decision"), _outcome(request)),
    ]
    parts = [
        (_("Reasons"), [request.reasons]),
        (_("If you do not agree"), [_objecting(request, terms)]),
    ]
    return Letter(
        request.number,
        _("Ministry of Unification"),
        _("Result of your request about residence protection"),
        facts,
        parts,
    )


def _objecting(request, terms):
    days, answer = terms[Term.OBJECTION].value, terms[Term.ANSWER].value
    said = _(
        "You can object in writing to the Minister of Unification within %(days)s days of this notice (Article 32 of "
        "the Act). If no answer comes within %(answer)s days of your objection, it counts as accepted (Article 50 of "
        "the Enforcement Decree)."
    ) % {"days": days, "answer": answer}
    if request.told_on:
        until = objection_until(request)
        said += " " + _("Counted by our own reading: until %(day)s.") % {"day": fullday(until)}
    return said


def _local(request, on):
    """Of a household with a violence marker the office is told the case number, as on every page."""
    kept_back = place_kept_back(request.person, on)
    called = (
        (_("Case number"), request.person.case_number) if kept_back else (_("Name of the person"), request.applicant)
    )
    facts = [
        (_("Number"), request.number),
        called,
        (_("Decided on"), fullday(request.decided_on)),
        (_("Decision"), _outcome(request)),
    ]
    said = _(
        "This is told to the Minister of the Interior and Safety and to the head of the local government (Article 27)."
    )
    return Letter(
        request.number,
        _("Ministry of Unification"),
        _("Notice of a decision on residence protection"),
        facts,
        [("", [said])],
    )


def _record(sitting):
    here = quorum_of(sitting)
    came = set(sitting.presences.filter(present=True).values_list("seat", flat=True))
    seats = [f"{one}{' · ' + _('Chair') if one.is_chair else ''}" for one in members_at(sitting) if one.pk in came]
    facts = [
        (_("Number"), sitting.number),
        (_("Begins at"), fulltime(sitting.starts_at)),
        (_("Place"), sitting.place),
        (_("Members notified"), fulltime(sitting.announced_at) if sitting.announced_at else ""),
        (_("Present"), _("%(present)s of %(members)s members") % here),
    ]
    items = SittingItem.objects.filter(sitting=sitting, withdrawn_at=None).select_related("request")
    parts = [
        (_("Members who came"), seats),
        *((f"{n}. {one.request.number}", _voted(one)) for n, one in enumerate(items.order_by("id"), start=1)),
        (_("Minutes of the sitting"), [sitting.minutes]),
    ]
    small = [
        _(
            "The quorum of law was not found. What is set here, more than %(percent)s%% of the members, is our own "
            "setting."
        )
        % here
    ]
    return Letter(
        sitting.number,
        _("Ministry of Unification"),
        _("Record of a sitting of the Consultative Council"),
        facts,
        parts,
        small,
    )


def _voted(item):
    asked = item.request.get_kind_display()
    if not item.voted:
        return [asked, _("No vote yet")]
    votes = _("For %(yes)s · against %(no)s · abstained %(none)s")
    counts = {"yes": item.votes_for, "no": item.votes_against, "none": item.abstained}
    return [one for one in (asked, votes % counts, item.words) if one]


def _outcome(request):
    said = str(request.get_outcome_display())
    if request.granted_until:
        said += " · " + _("until %(day)s") % {"day": fullday(request.granted_until)}
    return said


def _route(request):
    if request.route == ExtensionRequest.Route.LOCAL:
        return f"{request.agency} → {_('Minister of the Interior and Safety')} → {_('Minister of Unification')}"
    return _("The person → Minister of Unification")


def _grounds(request):
    return request.grounds.select_related("ground").order_by("ground__place", "id")


def _paper_line(one):
    return f"{one.what} ({fullday(one.dated_on)})" if one.dated_on else one.what


def _drawn(letter, by, now):
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    paper = Paper([who, letter.number], margin=20)
    paper.set_title(letter.number)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("P", letter.head, "", 11, 7, GREY)
    paper.say("H1", letter.title, "B", 18, 11)
    paper.rule()
    for label, text in letter.facts:
        if text:
            paper.say_beside(label, str(text), width=46)
    paper.rule()
    for title, said in letter.parts:
        _part(paper, title, [one for one in said if one])
    for text in letter.small:
        paper.say("P", text, "", 8.5, 5, GREY)
    return bytes(paper.output())


def _part(paper, title, said):
    if not said:
        return
    if paper.will_page_break(24):
        paper.add_page()
    if title:
        paper.say("H2", title, "B", 12.5, 9)
    for one in said:
        paper.say("P", one, "", 10.5, 6.2)
    paper.ln(3)


LETTERS = {FORM: _form, RESULT: _result, LOCAL: _local}

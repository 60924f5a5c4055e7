"""The letters of a referral on paper: what was asked (의뢰서) and what was answered (회신).

Both say what the page says and no more: the packet as it was sent, the answer as it was given. Whoever may not read the
contents prints no letter. They are in Korean, whatever language the page is read in; neither the name of the file nor
its title says more than the number.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from casework.agencies.models import WorkCalendar
from casework.audit.models import Event
from casework.paper import GREY, Paper
from casework.templatetags.format import fullday, fulltime
from referrals import outcomes
from referrals.packet import as_seen_by
from referrals.states import Outcome, Status, Urgency

ASKED, ANSWERED = "request", "reply"
KINDS = (ASKED, ANSWERED)
ANSWERS = ("declined", "failed", "outcome provided")


@dataclass(frozen=True)
class Letter:
    """A letter before it is drawn: whose head it bears, its facts as (label, text), its parts as (title, paragraphs),
    where a paragraph is a text or a (label, text), and what stands small at its end."""

    number: str
    agency: object
    title: str
    facts: list
    parts: list
    end: list


def answer_of(referral):
    """Return the Event of the last answer: declined, given back, or an outcome; None while there is none."""
    return Event.objects.about(referral).filter(verb__in=ANSWERS).first() if referral.sent_at else None


def kinds_of(referral, seen):
    """Return which letters there are for whoever reads the referral as `seen` (see `packet.as_seen_by`)."""
    if seen.veiled or referral.sent_at is None or referral.status == Status.DRAFT:
        return []
    return [ASKED, ANSWERED] if answer_of(referral) else [ASKED]


def printed(referral, kind, *, by, now):
    """Return the letter of a `kind` of KINDS as the bytes of a PDF file, in Korean; None where there is none.

    It holds what `by` may read, put into words here, for they follow the language; who printed it and when stands at
    the foot of each page.
    """
    with override("ko"):
        seen = as_seen_by(referral, by)
        if kind not in kinds_of(referral, seen):
            return None
        letter = _asked(referral, seen) if kind == ASKED else _answered(referral, seen, answer_of(referral))
        return _drawn(letter, by, now)


def _asked(referral, seen):
    until = referral.route.limit("answer").after(referral.clock_from, WorkCalendar.load().closed(referral.to_agency_id))
    facts = [
        *_parties(referral, _("Sent on"), referral.sent_at, referral.from_agency, referral.to_agency, referral.sender),
        (_("What is needed"), f"{referral.get_need_display()} · {Urgency(referral.urgency).label}"),
        (_("Answer wanted by"), _("%(at)s (our own criterion between agencies)") % {"at": fulltime(until)}),
    ]
    parts = [
        (_("What is asked"), [seen.title, seen.request]),
        (_("What was sent along"), seen.rows),
        (_("Ground for sharing"), [seen.ground]),
    ]
    hidden = _("Not in this letter: %(what)s.") % {"what": seen.hidden}
    return Letter(referral.number, referral.from_agency, _("Letter of referral"), facts, parts, [hidden, _care()])


def _answered(referral, seen, answer):
    facts = _parties(referral, _("Answered on"), answer.at, referral.to_agency, referral.from_agency, referral.handler)
    facts.append((_("About the referral of"), f"{fullday(referral.sent_at)} · {seen.title}"))
    parts = [(_("Answer"), _provided(referral, seen) if answer.verb == "outcome provided" else _refused(answer))]
    return Letter(referral.number, referral.to_agency, _("Letter of reply"), facts, parts, [_care()])


def _provided(referral, seen):
    lines = [(line["words"], _joined(line["result"], line["said"])) for line in outcomes.told(referral, seen)]
    return [str(Outcome(referral.outcome).label), seen.outcome_text, *lines]


def _refused(answer):
    said = _("Declined") if answer.verb == "declined" else _("Could not be carried out")
    found = [said, (_("Reason"), answer.reason)]
    proposes = answer.data.get("proposes")
    return [*found, (_("Proposes to ask"), proposes["ko"])] if proposes else found


def _parties(referral, when, at, writes, reads, person):
    """Return the facts that every letter begins with; `person` of the agency that writes is whom to call."""
    call = _joined(person, person.phone if person else "", writes.phone)
    facts = [
        (_("Number"), referral.number),
        (when, fullday(at)),
        (pgettext("letter", "To"), reads),
        (pgettext("letter", "From"), writes),
    ]
    return [*facts, (_("For questions"), call)] if call else facts


def _joined(*words):
    return " · ".join(str(word) for word in words if word)


def _care():
    return _(
        "This letter holds personal data: it is for this request alone, and is destroyed when it is no longer used."
    )


def _drawn(letter, by, now):
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    paper = Paper([who, letter.number], margin=20)
    paper.set_title(letter.number)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("P", _joined(letter.agency, letter.agency.phone), "", 11, 7, GREY)
    paper.say("H1", letter.title, "B", 20, 13)
    paper.rule()
    for label, text in letter.facts:
        paper.say_beside(label, str(text))
    paper.rule()
    for title, said in letter.parts:
        _part(paper, title, [one for one in said if one])
    paper.rule()
    for text in letter.end:
        paper.say("P", text, "", 8.5, 5, GREY)
    return bytes(paper.output())


def _part(paper, title, said):
    """Draw a part; nothing where nobody said anything."""
    if not said:
        return
    if paper.will_page_break(24):
        paper.add_page()
    paper.say("H2", title, "B", 12.5, 9)
    for one in said:
        if isinstance(one, tuple):
            paper.say_beside(one[0], str(one[1]))
        else:
            paper.say("P", one, "", 10.5, 6.2)
    paper.ln(3)

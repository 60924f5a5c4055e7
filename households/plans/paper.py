"""The plan on paper for the client, in plain Korean: their words, who does what until when. No score, no band."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.clock import seoul_day
from casework.paper import GREY, INK, Paper
from casework.templatetags.format import fullday, fulltime
from households.assessments.shown import named
from households.models import PlanSignature
from households.plans import shown
from households.plans.drawn import WIDTH, strokes
from households.plans.workflow import LIVE

BROAD = 60
"""Millimetres across which a drawn signature is printed."""


def printed(plan, called, *, by, now):
    """Return the plan as the bytes of a PDF file. `called`: (the household, {person id: name}) as pages call them."""
    with override("ko"):
        return _drawn(plan, called, by, now)


def _drawn(plan, called, by, now):
    household, names = called
    on = seoul_day(now)
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    paper = Paper([who, plan.household.number], margin=20)
    paper.set_title(plan.household.number)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("H1", _("Our plan"), "B", 18, 11)
    paper.rule()
    paper.say_beside(_("Whose plan"), household if plan.person_id is None else named(plan, names), width=46)
    paper.say_beside(_("Centre"), str(by.agency), width=46)
    paper.say_beside(_("State"), plan.get_status_display(), width=46)
    paper.rule()
    _part(paper, _("What you wish for"), [f"“{plan.wish}”" if plan.wish else ""])
    _part(paper, _("What the plan is about"), [plan.summary])
    goals, whole = shown.goals_with(plan, on)
    for row in goals:
        words = [f"“{row['goal'].client_words}”", row["goal"].words, *map(_line, row["steps"])]
        _part(paper, _("Goal %(n)s") % {"n": row["n"]}, words)
    _part(paper, _("Also"), [_line(row) for row in whole])
    _part(paper, _("When we look at it again"), [_next(plan)])
    _sign(paper, plan, names)
    small = _("This plan says what we do together. Whether a benefit is granted is decided by the office in charge.")
    paper.say("P", small, "", 8.5, 5, GREY)
    return bytes(paper.output())


def _line(row):
    if row["state"] == "off":
        return ""
    words = {"what": row["step"].what, "who": row["who"], "day": fullday(row["step"].due_on)}
    line = _("– %(what)s (%(who)s, until %(day)s)") % words
    return f"{line} · {_('done')} {fullday(row['step'].done_on)}" if row["step"].done_on else line


def _next(plan):
    if plan.status not in LIVE or plan.review_due is None:
        return _("14, 30 and 90 days after you agree, then every 90 days.")
    return fullday(plan.review_due)


def _sign(paper, plan, names):
    signed = PlanSignature.objects.filter(plan=plan).select_related("person").first()
    if signed is None:
        _part(paper, _("Signature"), [_("Signature or seal: ____________________")])
        return
    who = names.get(signed.person_id) or signed.person.case_number
    _part(paper, _("Signature"), [f"{who} · {fullday(signed.signed_on)} · {signed.get_way_display()}"])
    if not signed.drawn:
        return
    if paper.will_page_break(30):
        paper.add_page()
    scale, left, top = BROAD / WIDTH, paper.l_margin, paper.get_y()
    paper.set_draw_color(*INK)
    with paper.aside():
        for stroke in strokes(signed.drawn):
            paper.polyline([(left + x * scale, top + y * scale) for x, y in stroke])
    paper.set_y(top + 22)


def _part(paper, title, said):
    said = [one for one in said if one]
    if not said:
        return
    if paper.will_page_break(24):
        paper.add_page()
    paper.say("H2", title, "B", 12.5, 9)
    for one in said:
        paper.say("P", one, "", 10.5, 6.2)
    paper.ln(3)

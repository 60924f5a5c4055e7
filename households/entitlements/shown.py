"""Answers as pages show them: by member, with words, amounts and days; one shape for the page, the card and what-if."""

from datetime import timedelta

from django.utils.translation import gettext as _

from households.entitlements.amounts import shown
from households.entitlements.told import day_words
from households.models.entitlement import Rests, Whom

OF_CARD = 3
NEAR = timedelta(days=730)
"""An end further off than this, such as an age, is told with its criterion only."""


def member_rows(members, answers, day):
    """Return [{member, likely, asks, nots}] with the household's own answers first, under no member."""
    rows = [_row(None, [answer for answer in answers if _once(answer)], day)]
    rows += [
        _row(member, [answer for answer in answers if answer.person == member.pk and not _once(answer)], day)
        for member in members
    ]
    return [row for row in rows if row["number"]]


def _row(member, answers, day):
    parts = {state: [answer_row(one, day) for one in answers if one.state == state] for state in ("yes", "ask", "no")}
    return {"member": member, "number": len(answers), **parts}


def _once(answer):
    return answer.version.entitlement.whom == Whom.HOUSEHOLD


def answer_row(answer, day):
    """Return one answer as a dict for the templates."""
    version = answer.version
    return {
        "answer": answer,
        "code": answer.code,
        "name": version.name,
        "label": answer.label,
        "state": answer.state,
        "decides": version.decides,
        "apply": version.apply,
        "article": version.article,
        "own": version.rests != Rests.OFFICIAL,
        "rests": version.get_rests_display(),
        "note": version.note,
        "lines": answer.lines,
        "missing": ", ".join(answer.missing),
        "until": near(answer.until, day),
        "amounts": [shown(amount) for amount in answer.amounts],
        "came": answer.came,
        "recorded": not version.entitlement.benefit,
    }


def near(until, day):
    """Return a last day that lies within NEAR of the day, or None."""
    return until if until and until - day <= NEAR else None


def ending_rows(members, ends):
    """Return [{day, name, who, why}] of what ends soon."""
    names = {member.pk: member.name for member in members}
    return [
        {
            "day": day,
            "name": answer.version.name,
            "who": _("the household") if _once(answer) else names.get(answer.person, ""),
            "granted": bool(answer.came and answer.came.settled and answer.came.until == day),
        }
        for day, answer in ends
    ]


def card_rows(members, answers, day):
    """Return one line for the household and for each member: how many are likely, the first of them, what is open."""
    rows = [_card(None, [answer for answer in answers if _once(answer)], day)]
    rows += [
        _card(member, [answer for answer in answers if answer.person == member.pk and not _once(answer)], day)
        for member in members
    ]
    return [row for row in rows if row["likely"] or row["asks"] or row["came"]]


def _card(member, answers, day):
    likely = [answer for answer in answers if answer.state == "yes"]
    return {
        "name": member.name if member else _("The household"),
        "likely": likely,
        "first": ", ".join(answer.version.name for answer in likely[:OF_CARD]),
        "more": max(0, len(likely) - OF_CARD),
        "asks": sum(answer.state == "ask" for answer in answers),
        "came": [answer for answer in answers if answer.came],
        "next": min(filter(None, (near(answer.until, day) for answer in likely)), default=None),
    }


def change_rows(members, changes):
    """Return [{name, who, before, after, differs, lines}] of a what-if."""
    names = {member.pk: member.name for member in members}
    return [
        {
            "code": change.shown.code,
            "name": change.shown.version.name,
            "states": [one and one.state for one in (change.before, change.after)],
            "who": _("the household") if _once(change.shown) else names.get(change.shown.person, ""),
            "before": _said(change.before),
            "after": _said(change.after),
            "differs": change.differs,
            "lines": change.shown.lines,
        }
        for change in changes
    ]


def _said(answer):
    if answer is None:
        return _("does not concern the person")
    until = day_words(answer.until)
    return _("%(answer)s, until %(day)s") % {"answer": answer.label, "day": until} if until else str(answer.label)

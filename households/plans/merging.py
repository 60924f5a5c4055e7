"""Two people changed the same plan: what each said, put together so that nothing typed is lost, and what differs.

A plan is told here as {"wish", "summary", "goals": [{"pk", "client_words", "words", "domain"}]}.
"""

import json

from django.utils.translation import gettext as _

from households.models import PlanGoal, ServicePlan
from households.models.assessment import Domain

TEXTS, WORDS = ("wish", "summary"), ("client_words", "words", "domain")


def told(plan, goals):
    """Return a plan as it is told here."""
    rows = [{"pk": goal.pk} | {name: getattr(goal, name) for name in WORDS} for goal in goals]
    return {name: getattr(plan, name) for name in TEXTS} | {"goals": rows}


def flat(said):
    """Return what is told as {field of the form: text}."""
    fields = {name: said[name] for name in TEXTS}
    for place, goal in enumerate(said["goals"]):
        fields |= {f"goal-{place}-{name}": goal[name] or "" for name in ("pk", *WORDS)}
    return fields


def read(text):
    """Return what a form says it was opened with, or nothing at all where that cannot be read."""
    empty = dict.fromkeys(TEXTS, "") | {"goals": []}
    try:
        said = json.loads(text or "{}")
        rows = [{"pk": row["pk"]} | {name: str(row[name]) for name in WORDS} for row in said["goals"]]
        return {name: str(said[name]) for name in TEXTS} | {"goals": rows}
    except (ValueError, TypeError, KeyError):
        return empty


def merged(opened, theirs, mine):
    """Return (what to write on, [{"label", "theirs", "mine"}]): what I did not touch is theirs, what I typed is mine;
    each difference is listed, with `mine` only where both of us changed it."""
    changes = []
    said = {name: _text(opened[name], theirs[name], mine[name], _label(name), changes) for name in TEXTS}
    was, typed = ({goal["pk"]: goal for goal in one["goals"] if goal["pk"]} for one in (opened, mine))
    rows = [_goal(was.get(goal["pk"]), goal, typed.get(goal["pk"]), n, changes) for n, goal in _each(theirs)]
    standing = {goal["pk"] for goal in theirs["goals"]}
    for goal in mine["goals"]:
        if goal["pk"] in standing:
            continue
        if goal["pk"] is None or goal != was.get(goal["pk"]):
            rows.append(goal | {"pk": None})  # new, or changed by me and taken away by them: it stays as a new one
        if goal["pk"]:
            changes.append({"label": _("Goal taken away"), "theirs": "", "mine": goal["client_words"]})
    return said | {"goals": [row for row in rows if row]}, changes


def _each(said):
    return enumerate(said["goals"], start=1)


def _goal(was, goal, typed, n, changes):
    if was is None:
        changes.append({"label": _("New goal"), "theirs": goal["client_words"], "mine": ""})
        return goal
    if typed is None:  # I took it away
        if goal == was:
            return None
        changes.append({"label": _("Goal taken away by you"), "theirs": goal["client_words"], "mine": ""})
        return goal
    label = _("Goal %(n)s: %(what)s")
    return {"pk": goal["pk"]} | {
        name: _text(was[name], goal[name], typed[name], label % {"n": n, "what": _label(name)}, changes)
        for name in WORDS
    }


def _text(was, theirs, mine, label, changes):
    if theirs in (was, mine):
        return mine
    kept = theirs if mine == was else mine
    shown = [str(dict(Domain.choices).get(one, one)) for one in (theirs, mine)]
    changes.append({"label": label, "theirs": shown[0], "mine": shown[1] if kept == mine else ""})
    return kept


def _label(name):
    fields = (ServicePlan if name in TEXTS else PlanGoal)._meta.fields
    return next(str(field.verbose_name) for field in fields if field.name == name)

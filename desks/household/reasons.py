"""Why a household stands where it stands: each open flag in its full sentence, with what the claim rests on.

For the household page only, where looking is logged; lists use the list-safe sentence.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.templatetags.format import fullday, rowday
from desks.household.file import File, day_of, moment_of
from risk.bands import level_of
from risk.models import Review
from risk.rules import is_known, rule_of
from risk.sentences import sentence

BASES = {"statute": "law", "published": "pub", "own": "own"}


@dataclass
class Reason:
    """One flag on the page. `bases` are (kind of tag, words); `late` days lie between the fact and our learning it."""

    flag_id: int
    rule: str
    name: str
    level: int
    sentence: str
    points: int
    bases: list[tuple[str, str]]
    seen: str
    learnt: date | None
    late: int
    about: str
    state: str
    dismissed: bool


def reasons_of(file: File, *, on: date, kind: str = "hangul") -> list[Reason]:
    """Return the open flags of the household, the strongest first, as rows of the page."""
    people = {member.id: member.name(kind) for member in file.members}
    merged: dict[tuple[str, str], Reason] = {}
    for flag in file.flags:
        if not is_known(flag["rule"]):
            continue
        reason = _reason(flag, file, people, on)
        told = merged.setdefault((reason.rule, reason.sentence), reason)
        # The same sentence about several members is one line that names them all.
        if told is not reason and reason.about:
            told.about = " · ".join(filter(None, [told.about, reason.about]))
    return list(merged.values())


def dismissal_of(flag: dict[str, Any], file: File, on: date) -> dict[str, Any] | None:
    """Return the latest review of the flag if it sets the flag aside today, not overtaken by more points or facts."""
    for review in file.reviews:
        if review["flag_id"] != flag["id"] or review["decision"] != Review.Decision.DISMISS:
            continue
        worse = flag["weight"] > review["points"] or flag["facts"] > review["facts"]
        return None if worse or review["review_on"] <= on else review
    return None


def _reason(flag: dict[str, Any], file: File, people: dict[int, str], on: date) -> Reason:
    evidence = flag["evidence"]
    rule = rule_of(flag["rule"], evidence)
    learnt, late = _learnt(evidence)
    review = dismissal_of(flag, file, on)
    return Reason(
        flag_id=flag["id"],
        rule=flag["rule"],
        name=str(rule.name),
        level=int(level_of(trump=flag["trump"], floor=flag["floor"], points=flag["points"])),
        sentence=sentence(
            flag["rule"], evidence, flag["since"], on, kind=_kind(evidence, file), language=get_language() or "ko"
        ),
        points=flag["points"] or 0,
        bases=_bases(rule.rests_on(evidence), {**rule.params, **evidence.get("params", {})}),
        seen=_seen(evidence, flag["since"]),
        learnt=learnt,
        late=late,
        about=people.get(flag["person_id"], ""),
        state=_set_aside(review) if review else "",
        dismissed=review is not None,
    )


def _kind(evidence: dict[str, Any], file: File) -> str:
    """What a screening gave is not told to whom the screening is not: they read the sentence of the lists."""
    screened = any(fact["kind"] == "screening" for fact in evidence.get("facts", []))
    return "list" if screened and not file.keeps else "full"


def _bases(bases: Any, params: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("own", str(basis.fixes))
        if basis.kind == "own" or not basis.holds(params)
        else (BASES[basis.kind], basis.text(params))
        for basis in bases
    ]


def _learnt(evidence: dict[str, Any]) -> tuple[date | None, int]:
    """Return when the newest fact of the evidence was learned and how many days after it had happened."""
    facts = [fact for fact in evidence.get("facts", []) if fact.get("known") and fact.get("observed")]
    if not facts:
        return None, 0
    newest = max(facts, key=lambda fact: fact["known"])
    learnt = (
        timezone.localtime(moment_of(newest["known"])).date() if "T" in newest["known"] else day_of(newest["known"])
    )
    late = (learnt - day_of(newest["observed"][:10])).days
    return (learnt, late) if late > 0 else (None, 0)


def _seen(evidence: dict[str, Any], since: date) -> str:
    """Return where the facts come from, in few words, each source with its own days."""
    told: dict[str, set[date]] = {}
    for fact in evidence.get("facts", []):
        if fact.get("observed"):
            told.setdefault(fact["kind"], set()).add(day_of(fact["observed"][:10]))
    words = {
        "attempt": _("attempts on %(days)s"),
        "contact": _("seen at a contact on %(days)s"),
        "notice": _("a letter came back on %(days)s"),
        "signal": _("signals of %(days)s"),
        "stated": _("on record since %(days)s"),
        "screening": _("screened on %(days)s"),
    }
    found = [text % {"days": _span(sorted(told[kind]))} for kind, text in words.items() if kind in told]
    return " · ".join(found) or _("since %(day)s") % {"day": fullday(since)}


def _span(days: list[date]) -> str:
    dash = "–" if get_language() == "en" else "~"
    return f"{rowday(days[0])}{dash}{rowday(days[-1])}" if len(days) > 1 else rowday(days[0])


def _set_aside(review: dict[str, Any]) -> str:
    words = _("Set aside by %(by)s until %(day)s: %(reason)s")
    return words % {"by": review["by"], "day": fullday(review["review_on"]), "reason": review["reason"]}

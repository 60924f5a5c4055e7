"""What a criterion asks and what was found, in words: never a promise, always the fact and its day."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from households.entitlements.vocabulary import NOT_KEPT, WORDS
from households.models.circumstance import VALUES, Aspect, Benefit
from households.models.circumstance import label_of as benefit_label
from households.models.protection import ProtectionDecision

YES, NO, ASK = "yes", "no", "ask"
STATES = {True: YES, False: NO, None: ASK}
FOREVER = "infinity"
LABELS: dict[str, Any] = {
    "decision": dict(ProtectionDecision.Decision.choices),
    "receiving": dict(Benefit.choices),
    "not_receiving": dict(Benefit.choices),
    "disability": VALUES[Aspect.DISABILITY],
    "illness": VALUES[Aspect.ILLNESS],
    "employed": VALUES[Aspect.EMPLOYMENT],
    "employment": VALUES[Aspect.EMPLOYMENT],
    "not_kept": NOT_KEPT,
}


@dataclass(frozen=True)
class Line:
    """One criterion for one person: what it asks, whether it is met, the fact used, what is missing to tell.

    `state` is "yes", "no" or "ask"; `check`: whoever decides looks at it, and it changed no answer. `grouped`: one of
    several alternatives. `starts` and `until` are the first and the last day on which it holds by the same facts.
    """

    asks: str
    state: str
    fact: str
    missing: str
    check: bool
    grouped: bool
    starts: date | None
    until: date | None


def line_of(criterion: dict[str, Any], found: list[Any], facts: dict[str, Any], on: date) -> Line:
    """Return the line of a criterion from what the statement `found` of it ([state, first, last day]) and the facts of
    the person (a row of `compiled.rows_of`)."""
    state = STATES[found[0]]
    starts, until = (day_of(text) for text in found[1:])
    return Line(
        asks=sentence(criterion),
        state=state,
        fact=fact_of(criterion, facts),
        missing=missing_of(criterion, facts) if state == ASK else "",
        check=bool(criterion.get("check")),
        grouped=bool(criterion.get("group")),
        starts=starts if state == NO and starts and starts > on else None,
        until=until if state == YES else None,
    )


def sentence(criterion: dict[str, Any]) -> str:
    """Return what a criterion asks, in the active language."""
    return _sentence(json.dumps(criterion), get_language())


@lru_cache(maxsize=4096)
def _sentence(told: str, _language: str) -> str:
    """The same few criteria are read for everybody."""
    criterion = json.loads(told)
    word = WORDS[criterion["word"]]
    if criterion["word"] in ("age", "age_at_decision", "household_size") and not {"least", "most"} <= set(criterion):
        return _one_sided(criterion)
    if criterion["word"] == "entered":
        return _between_days(criterion)
    if criterion["word"] == "employed" and not criterion["months"]:
        return str(_("employed ({codes})")).format(codes=codes_of(criterion))
    return str(word.sentence).format(**{**criterion, "codes": codes_of(criterion)})


def _one_sided(criterion: dict[str, Any]) -> str:
    least, most = criterion.get("least"), criterion.get("most")
    texts = {
        ("age", True): _("aged {n} or older"),
        ("age", False): _("aged {n} or younger"),
        ("age_at_decision", True): _("aged {n} or older when protection was decided"),
        ("age_at_decision", False): _("aged {n} or younger when protection was decided"),
        ("household_size", True): _("household of {n} or more"),
        ("household_size", False): _("household of {n} or fewer"),
    }
    return str(texts[criterion["word"], least is not None]).format(n=most if least is None else least)


def _between_days(criterion: dict[str, Any]) -> str:
    since, until = (day_words(criterion.get(name)) for name in ("since", "until"))
    if since and until:
        return str(WORDS["entered"].sentence).format(since=since, until=until)
    text = _("came to the South on {day} or later") if since else _("came to the South by {day}")
    return str(text).format(day=since or until)


def codes_of(criterion: dict[str, Any]) -> str:
    """Return the words of the codes that a criterion names."""
    return ", ".join(label_of(criterion["word"], code) for code in criterion.get("codes", ()))


def label_of(word: str, code: str) -> str:
    """Return what a code of a word is called."""
    return str(LABELS.get(word, {}).get(code, code))


def day_of(text: Any) -> date | None:
    """Return the date of what the database said, or None for no day or for ever."""
    return None if text in (None, FOREVER) else text if isinstance(text, date) else date.fromisoformat(text)


def day_words(day: Any) -> str:
    """Return a day as pages write it: "2027. 3. 14." or "14 Mar 2027"; empty for none."""
    found = day_of(day)
    return date_format(found, "j M Y" if get_language() == "en" else "Y. n. j.") if found else ""


def fact_of(criterion: dict[str, Any], facts: dict[str, Any]) -> str:
    """Return the facts that a criterion read, each with its day; empty where there is none."""
    return " · ".join(filter(None, (_said(name, facts) for name in WORDS[criterion["word"]].reads)))


def _said(name: str, facts: dict[str, Any]) -> str:
    """Return one fact in words; kept beside the facts of the person, for many criteria read the same."""
    kept = facts.setdefault("said", {})
    if name not in kept:
        kept[name] = FACTS[name](facts)
    return kept[name]


def missing_of(criterion: dict[str, Any], facts: dict[str, Any]) -> str:
    """Return what would have to be known to tell."""
    if criterion["word"] == "not_kept":
        return codes_of(criterion)
    if criterion["word"] == "income_up_to" and facts.get("income"):
        return gettext("the income in won")
    if criterion["word"] in ("employed", "employment") and facts.get("employment") is None:
        return gettext("how the person works")
    if criterion["word"] in ("employed", "lives_there"):
        return gettext("since when")
    if criterion["word"] == "third_country_child":
        return str(NOT_KEPT["birthplace"])
    return str(MISSING.get(criterion["word"], WORDS[criterion["word"]].label))


MISSING = {
    "income_below_line": _("the household's income"),
    "income_up_to": _("the household's income in won"),
    "age": _("the day of birth"),
    "age_at_decision": _("the day of birth, the day of the decision"),
    "since_move_in": _("the day of the first move-in"),
    "home_since_move_in": _("the day of the first move-in"),
    "facility_left": _("the day of leaving the settlement support facility"),
    "residence_protected": _("a period of residence protection"),
    "protection_over": _("a period of residence protection"),
    "child_at_home": _("the child's day of birth"),
    "single_parent": _("whether the person is married"),
}


def _dated(text: Any, name: str) -> Callable[[dict[str, Any]], str]:
    def said(facts: dict[str, Any]) -> str:
        day = day_words(facts.get(name))
        return f"{text} {day}" if day else ""

    return said


def _stated(kind: str, column: str) -> Callable[[dict[str, Any]], str]:
    """What was stated: its words, since when, or when it was told."""

    def said(facts: dict[str, Any]) -> str:
        value = facts.get(column)
        if value is None:
            return ""
        words = str(VALUES[Aspect(kind)].get(value, value))
        told = (facts.get("told") or {}).get(f"{kind}:") or {}
        if told.get("value") != value:
            return words
        return _with_day(words, told)

    return said


def _with_day(words: str, told: dict[str, Any]) -> str:
    since = day_words(told.get("since"))
    if since:
        return gettext("%(words)s (since %(day)s)") % {"words": words, "day": since}
    return gettext("%(words)s (told by %(day)s)") % {"words": words, "day": day_words(told.get("known"))}


def _income(facts: dict[str, Any]) -> str:
    if facts.get("income_krw") is not None:
        return gettext("assumed income: %(krw)s won a month") % {"krw": f"{facts['income_krw']:,}"}
    words = _stated("income", "income")(facts)
    told = (facts.get("told") or {}).get("income:") or {}
    other = words and told.get("value") != facts.get("income")
    return gettext("%(words)s (told of another member)") % {"words": words} if other else words


def _benefits(facts: dict[str, Any]) -> str:
    told = facts.get("told") or {}
    return ", ".join(
        _with_day(benefit_label("benefit", value, code), told.get(f"benefit:{code}", {}))
        for code, value in (facts.get("benefits") or {}).items()
    )


def _decision(facts: dict[str, Any]) -> str:
    words = facts.get("decision") and str(ProtectionDecision.Decision(facts["decision"]).label)
    day = day_words(facts.get("decided_on"))
    return (gettext("%(words)s (since %(day)s)") % {"words": words, "day": day} if day else words) or ""


def _protection(facts: dict[str, Any]) -> str:
    if facts.get("protected_until"):
        return gettext("protected until %(day)s") % {"day": day_words(facts["protected_until"]) or "–"}
    ended = day_words(facts.get("last_protected_on"))
    if ended:
        return gettext("ended on %(day)s") % {"day": ended}
    moved = day_words(facts.get("moved_in_on"))
    return gettext("first move-in %(day)s, no extension on record") % {"day": moved} if moved else ""


def _yes_no(yes: Any, no: Any, column: str) -> Callable[[dict[str, Any]], str]:
    return lambda facts: "" if facts.get(column) is None else str(yes if facts[column] else no)


def _children(facts: dict[str, Any]) -> str:
    number = facts.get("children") or 0
    return ngettext("{n} child in the household", "{n} children in the household", number).format(n=number)


def _child_born(facts: dict[str, Any]) -> str:
    return _dated(_("youngest child born"), "child_born")(facts) or _children(facts)


ROLES = {"head": _("head of the household"), "spouse": _("spouse"), "child": _("child"), "parent": _("parent")}
FACTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "defector": _yes_no(_("recorded as a defector"), _("recorded as not a defector"), "defector"),
    "with_defector": _yes_no(_("a member is a defector"), _("no member is a defector"), "with_defector"),
    "role": lambda facts: str(ROLES.get(facts.get("role", ""), "")),
    "decision": _decision,
    "decided_on": _decision,
    "moved_in_on": _dated(_("first move-in"), "moved_in_on"),
    "home_moved_in_on": _dated(_("first move-in"), "home_moved_in_on"),
    "protected_until": _protection,
    "facility_until": _dated(_("left the facility on"), "facility_until"),
    "born_first": _dated(_("born"), "born_first"),
    "entered_on": _dated(_("came to the South on"), "entered_on"),
    "income": _income,
    "benefits": _benefits,
    "disability": _stated("disability", "disability"),
    "illness": _stated("illness", "illness"),
    "employment": _stated("employment", "employment"),
    "marital": _stated("marital", "marital"),
    "children": _children,
    "child_born": _child_born,
    "other_child": _children,
    "sido": lambda facts: facts.get("sido") or "",
    "sido_since": _dated(_("at today's address since"), "sido_since"),
    "size": lambda facts: ngettext("{n} member", "{n} members", facts.get("size") or 0).format(
        n=facts.get("size") or 0
    ),
}

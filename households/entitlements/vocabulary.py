"""The closed vocabulary of criteria: which words there are, what each may be told, and what is refused.

A criterion is an object of a version: {"word": …, its parameters, "group": "a" (criteria of one group are
alternatives), "check": true (only a reminder: whoever decides looks at it, and it changes no answer)}.
Nothing in it is executed; `households.entitlements.pieces` has one piece of SQL for each word.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from households.models.circumstance import VALUES, Aspect, Benefit
from households.models.protection import ProtectionDecision

MOST_CRITERIA = 12
SIDO = (
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
)
# What the register cannot know; each with the words that say what is missing.
NOT_KEPT = {
    "assets": _("assets and savings"),
    "insurance_months": _("months of employment insurance"),
    "pension_months": _("months of pension contributions"),
    "health_insured": _("kind of health insurance"),
    "wage": _("the wage, month by month"),
    "saving": _("monthly saving and its proof"),
    "certificate": _("a doctor's certificate of the length of treatment"),
    "birthplace": _("where the child was born"),
    "came_alone": _("whether a parent came along"),
    "housing_got": _("which housing support was received"),
    "incentive_got": _("how much employment incentive was received before"),
    "school": _("school or university, term and marks"),
    "crisis": _("what the crisis is, seen by a visit"),
    "first_job": _("the day of the first employment after moving in"),
    "counselling": _("the view of a professional counsellor"),
    "received_before": _("whether it was received before"),
    "applied_late": _("the ground on which protection was refused"),
    "tenancy": _("the lease and in whose name it is"),
}


@dataclass(frozen=True)
class Param:
    """One thing that a word is told: `kind` is "number", "day" or "codes"; `choices` is the closed list of codes."""

    name: str
    kind: str
    label: Any
    least: int = 0
    most: int = 0
    choices: Any = None
    needed: bool = True

    def checked(self, value: Any) -> Any:
        """Return the value as it is kept; raise ValueError with the sentence that says what would be right."""
        if value in (None, "", []):
            if self.needed:
                raise ValueError(gettext("%(what)s: please fill this in.") % {"what": self.label})
            return None
        return {"number": self._number, "day": self._day, "codes": self._codes}[self.kind](value)

    def _number(self, value: Any) -> int:
        try:
            number = int(str(value))
        except ValueError:
            number = self.least - 1
        if not self.least <= number <= self.most:
            words = {"what": self.label, "least": self.least, "most": self.most}
            raise ValueError(gettext("%(what)s: a whole number from %(least)s to %(most)s.") % words)
        return number

    def _day(self, value: Any) -> str:
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError as error:
            raise ValueError(gettext("%(what)s: a day such as 2025-04-29.") % {"what": self.label}) from error

    def _codes(self, value: Any) -> list[str]:
        told = [code.strip() for code in (value.split(",") if isinstance(value, str) else value)]
        wrong = [code for code in told if code not in self.choices]
        if wrong:
            words = {"what": self.label, "wrong": ", ".join(wrong), "right": ", ".join(self.choices)}
            raise ValueError(gettext("%(what)s: “%(wrong)s” is not one of %(right)s.") % words)
        return [code for code in self.choices if code in told]


@dataclass(frozen=True)
class Word:
    """One word: its name on a form, the sentence it makes of its parameters, and the facts that it reads."""

    label: Any
    sentence: Any
    reads: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()


def _number(name: str, label: Any, most: int, least: int = 0, *, needed: bool = True) -> Param:
    return Param(name, "number", label, least, most, needed=needed)


def _codes(name: str, choices: Any, label: Any) -> Param:
    return Param(name, "codes", label, choices=choices)


YEARS = _number("years", _("Years"), 30, 1)
PERCENT = _number("percent", _("Percent of the median income"), 200, 1)
AGES = (
    _number("least", _("From the age of"), 120, needed=False),
    _number("most", _("Up to the age of"), 120, needed=False),
)
LEAST_MOST = (_number("least", _("At least"), 20, 1, needed=False), _number("most", _("At most"), 20, 1, needed=False))
WORKS = tuple(VALUES[Aspect.EMPLOYMENT])
DECISIONS = tuple(ProtectionDecision.Decision.values)
WORDS: dict[str, Word] = {
    "defector": Word(_("Is a defector"), _("a North Korean defector"), ("defector",)),
    "with_defector": Word(_("Lives with a defector"), _("lives in a household with a defector"), ("with_defector",)),
    "child_of_defector": Word(
        _("Child of a defector"), _("a child of a defector, not a defector itself"), ("role", "defector")
    ),
    "decision": Word(
        _("Protection decision"),
        _("protection decision: {codes}"),
        ("decision",),
        (_codes("codes", DECISIONS, _("Decision")),),
    ),
    "since_move_in": Word(
        _("Years from the first move-in"), _("within {years} years from the first move-in"), ("moved_in_on",), (YEARS,)
    ),
    "home_since_move_in": Word(
        _("Years from the first move-in of a member"),
        _("within {years} years from the first move-in of the defector who moved in last"),
        ("home_moved_in_on",),
        (YEARS,),
    ),
    "residence_protected": Word(
        _("Under residence protection"), _("under residence protection on the day"), ("protected_until",)
    ),
    "protection_over": Word(_("Residence protection has ended"), _("residence protection ended"), ("protected_until",)),
    "facility_left": Word(
        _("Months from leaving the facility"),
        _("within {months} months from leaving the settlement support facility"),
        ("facility_until",),
        (_number("months", _("Months"), 360, 1),),
    ),
    "age": Word(_("Age on the day"), _("aged {least} to {most}"), ("born_first",), AGES),
    "age_at_decision": Word(
        _("Age at the decision"),
        _("aged {least} to {most} when protection was decided"),
        ("born_first", "decided_on"),
        AGES,
    ),
    "entered": Word(
        _("Came between two days"),
        _("came to the South from {since} to {until}"),
        ("entered_on",),
        (
            Param("since", "day", _("From"), needed=False),
            Param("until", "day", pgettext_lazy("last day", "Until"), needed=False),
        ),
    ),
    "income_below_line": Word(
        _("Income below the benefit threshold"),
        _("income below the benefit threshold ({percent}% of the median income)"),
        ("income",),
        (PERCENT,),
    ),
    "income_up_to": Word(
        _("Income up to a share of the median"),
        _("income up to {percent}% of the median income"),
        ("income",),
        (PERCENT,),
    ),
    "receiving": Word(
        _("Receives a benefit"),
        _("receives: {codes}"),
        ("benefits",),
        (_codes("codes", tuple(Benefit.values), _("Benefit")),),
    ),
    "not_receiving": Word(
        _("Does not receive a benefit"),
        _("does not receive: {codes}"),
        ("benefits",),
        (_codes("codes", tuple(Benefit.values), _("Benefit")),),
    ),
    "disability": Word(
        _("Registered disability"),
        _("disability: {codes}"),
        ("disability",),
        (_codes("codes", ("severe", "mild"), _("Degree")),),
    ),
    "illness": Word(
        _("Illness"), _("illness: {codes}"), ("illness",), (_codes("codes", ("serious", "chronic"), _("Kind")),)
    ),
    "child_at_home": Word(
        _("A child at home"),
        _("a child under {under} lives in the household"),
        ("child_born",),
        (_number("under", _("Under the age of"), 30, 1),),
    ),
    "single_parent": Word(_("Single parent"), _("brings up a child without a spouse"), ("role", "children", "marital")),
    "third_country_child": Word(
        _("Child born in a third country"), _("brings up a child born in a third country"), ("other_child",)
    ),
    "employed": Word(
        _("Employed for so many months"),
        _("employed ({codes}) for {months} months or longer"),
        ("employment",),
        (_codes("codes", WORKS, _("Employment")), _number("months", _("Months"), 120)),
    ),
    "employment": Word(
        _("How the person works"), _("employment: {codes}"), ("employment",), (_codes("codes", WORKS, _("Employment")),)
    ),
    "lives_in": Word(_("Lives in"), _("lives in {codes}"), ("sido",), (_codes("codes", SIDO, _("Province or city")),)),
    "lives_there": Word(
        _("Lives there for so many years"),
        _("has lived at today's address for {years} years"),
        ("sido_since",),
        (YEARS,),
    ),
    "household_size": Word(_("Size of the household"), _("household of {least} to {most}"), ("size",), LEAST_MOST),
    "not_kept": Word(
        _("Not kept in the register"),
        _("the register does not know: {codes}"),
        (),
        (_codes("codes", tuple(NOT_KEPT), _("What")),),
    ),
}
COUNTS_ONLY_WITH = "income_below_line"
"""An entitlement counts for R-BEN-MISS only by income on record: unknown income is never low income (risk.md)."""


def validated(criteria: Any) -> list[dict[str, Any]]:
    """Return criteria as they are kept, what is empty left out; raise ValidationError with a sentence for each that is
    wrong, with the number of its line."""
    kept, wrong = [], []
    if not isinstance(criteria, list) or len(criteria) > MOST_CRITERIA:
        raise ValidationError({"criteria": [gettext("At most %(n)s criteria.") % {"n": MOST_CRITERIA}]})
    for place, told in enumerate(criteria, 1):
        try:
            kept.append(_criterion(told))
        except ValueError as error:
            wrong.append(gettext("Line %(n)s. %(why)s") % {"n": place, "why": error})
    if not wrong and not any(not criterion.get("check") for criterion in kept):
        wrong.append(gettext("At least one criterion must count."))
    if wrong:
        raise ValidationError({"criteria": wrong})
    return kept


def _criterion(told: Any) -> dict[str, Any]:
    word = WORDS.get(str(told.get("word"))) if isinstance(told, dict) else None
    if word is None:
        raise ValueError(gettext("Choose a criterion of the list."))
    unknown = set(told) - {"word", "group", "check"} - {param.name for param in word.params}
    if unknown:
        raise ValueError(gettext("“%(word)s” is told nothing of that kind.") % {"word": word.label})
    kept = {"word": told["word"]}
    for param in word.params:
        value = param.checked(told.get(param.name))
        kept |= {} if value is None else {param.name: value}
    if word.params and len(kept) == 1:
        raise ValueError(gettext("“%(word)s”: fill in one of its numbers.") % {"word": word.label})
    if kept.get("least", 0) > kept.get("most", 999):
        raise ValueError(gettext("“%(word)s”: the first number is the smaller one.") % {"word": word.label})
    group = str(told.get("group") or "")
    if group and not (len(group) == 1 and group.isalpha() and group.isascii()):
        raise ValueError(gettext("The group is one letter from a to z."))
    return kept | ({"group": group.lower()} if group else {}) | ({"check": True} if told.get("check") else {})

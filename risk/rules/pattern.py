"""A signal pattern: a rule that people compose from a closed vocabulary, without code (issue: the whole rulebook).

What is composed is JSON of numbers and codes. It is validated by one function and compiled to the same set-based
query as every other rule; no text is ever executed. A pattern never makes an Emergency and its points share one cap.
"""

import csv
import re
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, codes, days, fading, hit, listing, months

CODE = re.compile(r"P-\d{2,}")
SIGNALS = Path(__file__).parent.parent / "data" / "crisis_signals.csv"
FLOORS = {"none": None, "watch": Band.WATCH, "moderate": Band.MODERATE, "high": Band.HIGH}
NUMBERS = {
    "at_least": Parameter(2, 1, 15, "signals"),
    "in_groups": Parameter(1, 1, 8, "fields"),
    "look_back": Parameter(365, 30, 730),
    "weight": Parameter(10, 0, 45, "points"),
}
AT_CHOICE = {
    "months_at_least": Parameter(3, 1, 36, "months"),
    "amount_at_least_krw": Parameter(1_000_000, 1, 1_000_000_000, "won"),
}
FIELDS = ("codes", "floor", *NUMBERS, *AT_CHOICE)
LABELS = {
    "codes": _("Signals"),
    "floor": _("Holds at least at"),
    "at_least": _("Different signals at least"),
    "in_groups": _("Fields at least"),
    "look_back": _("Told within (days)"),
    "weight": _("Points"),
    "months_at_least": _("Months unpaid at least"),
    "amount_at_least_krw": _("Amount at least (won)"),
}


class SignalPattern(Rule):
    """At least so many different signals of a list, of so many months or such an amount, told not too long ago."""

    group = "pattern"
    basis = (Basis.own(),)
    explanation = _("Known at the same time: {what} (criterion “{name}”: {needed} or more).")
    listed = _("{number} crisis signals stand that are watched together.")

    def __init__(self, pattern, *, code, name_ko, name_en, criteria=None):
        """Take a pattern that `validated()` returned, its code, and the names that people gave it."""
        super().__init__(criteria=criteria)
        self.code, self.pattern = code, pattern
        self.name_ko, self.name_en = name_ko, name_en
        self.weight, self.floor = pattern["weight"], FLOORS[pattern["floor"]]
        self.params = {**pattern, "name_ko": name_ko, "name_en": name_en}

    @property
    def name(self):  # type: ignore[override]  # in the language of the page
        return self.name_en if get_language() == "en" else self.name_ko

    @property
    def condition(self):  # type: ignore[override]
        return condition_of(self.pattern)

    def hits(self, facts):
        asked = self.pattern
        several = (
            self._told(facts)
            .values("household_id")
            .annotate(kinds=Count("code", distinct=True), fields=Count("kind", distinct=True))
        )
        enough = several.filter(kinds__gte=asked["at_least"], fields__gte=asked["in_groups"])
        rows = self._told(facts).filter(household_id__in=enough.order_by().values("household_id"))
        return [hit(rows.by_household(), weight=fading(self.weight), floor=self.floor)]

    def _told(self, facts):
        asked = self.pattern
        told = facts.signals(*asked["codes"]).within(asked["look_back"])
        if asked["months_at_least"]:
            told = told.of_months(asked["months_at_least"])
        if asked["amount_at_least_krw"]:
            told = told.filter(priced__amount_krw__gte=asked["amount_at_least_krw"])
        return told

    def words(self, evidence, since, on):
        found = codes(evidence)
        return {
            "what": listing([signal_name(code) for code in found]),
            "number": Word(len(found)),
            "needed": Word(self.pattern["at_least"]),
            "name": Word(self.name),
        }

    def nearest(self, facts):
        found = self._told(facts).values("code").distinct().count()
        return gettext("{found} of {needed} different signals.").format(found=found, needed=self.pattern["at_least"])

    def unknown(self, facts):
        return facts.unknown_months(*self.pattern["codes"]) if self.pattern["months_at_least"] else []


def from_params(code, params):
    """Return the pattern as the evidence of a flag keeps it, so that a sentence needs nothing but the evidence."""
    pattern = {name: params[name] for name in FIELDS}
    return SignalPattern(pattern, code=code, name_ko=params["name_ko"], name_en=params["name_en"])


def validated(told):
    """Return the pattern with every field, in one order; raise ValidationError with a sentence for each field.

    `told`: {codes, at_least, in_groups, look_back, weight, floor, months_at_least | None, amount_at_least_krw | None}.
    """
    if not isinstance(told, dict):
        raise ValidationError(gettext("A pattern is a list of fields with their values."))
    wrong = {name: [gettext("There is no such field in a pattern.")] for name in set(told) - set(FIELDS)}
    chosen = _codes(told.get("codes"), wrong)
    pattern = {"codes": chosen, "floor": told.get("floor") or "none"}
    if pattern["floor"] not in FLOORS:
        wrong["floor"] = [gettext("A pattern holds a household at Watch, Moderate, High or nothing.")]
    for name, number in NUMBERS.items():
        pattern[name] = _number(name, told.get(name), number, wrong)
    for name, number in AT_CHOICE.items():
        pattern[name] = None if told.get(name) is None else _number(name, told[name], number, wrong)
    if not wrong:
        _fits_together(pattern, wrong)
    if wrong:
        raise ValidationError(wrong)
    return pattern


def condition_of(pattern):
    """Return when the pattern applies, as a sentence in the active language, made from the pattern itself."""
    parts = [
        gettext("{number} or more of these signals, told within {within}: {signals}.").format(
            number=pattern["at_least"],
            within=days(pattern["look_back"]),
            signals=", ".join(signal_name(code) for code in pattern["codes"]),
        )
    ]
    if pattern["in_groups"] > 1:
        parts.append(gettext("In {number} fields or more.").format(number=pattern["in_groups"]))
    if pattern["months_at_least"]:
        parts.append(gettext("Each unpaid for {months} or more.").format(months=months(pattern["months_at_least"])))
    if pattern["amount_at_least_krw"]:
        amount = f"{pattern['amount_at_least_krw']:,}"
        parts.append(gettext("Each of {amount} won or more.").format(amount=amount))
    return " ".join(parts)


@lru_cache(maxsize=1)
def signals():
    """Return {code: its row} of the crisis signals, in the order of their codes."""
    with SIGNALS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def signal_name(code):
    """Return the name of a crisis signal in the active language, or its code."""
    row = signals().get(code)
    return (row["name_en"] if get_language() == "en" else row["name_ko"]) if row else code


def _codes(told, wrong):
    known = signals()
    chosen = sorted({code for code in told if isinstance(code, str)}) if isinstance(told, list | tuple) else []
    strange = [code for code in chosen if code not in known]
    if not chosen:
        wrong["codes"] = [gettext("Choose at least one signal.")]
    elif strange:
        wrong["codes"] = [gettext("These signals are not known: {codes}.").format(codes=", ".join(strange))]
    return chosen


def _number(name, value, allowed, wrong):
    """Return the number; where it is none or out of range, the sentence names the field and what would be right."""
    if isinstance(value, int) and not isinstance(value, bool) and allowed.minimum <= value <= allowed.maximum:
        return value
    wrong[name] = [out_of_range(LABELS[name], allowed)]
    return None


def out_of_range(label, allowed):
    """Return the sentence for a number that is none or out of its range."""
    return gettext("{label}: write a whole number from {least} to {most}.").format(
        label=label, least=f"{allowed.minimum:,}", most=f"{allowed.maximum:,}"
    )


def _fits_together(pattern, wrong):
    known, chosen = signals(), pattern["codes"]
    if pattern["at_least"] > len(chosen):
        wrong["at_least"] = [
            gettext("Only {number} signals are chosen; ask for at most so many.").format(number=len(chosen))
        ]
    fields = len({known[code]["group"] for code in chosen})
    if pattern["in_groups"] > min(fields, pattern["at_least"]):
        wrong["in_groups"] = [
            gettext("The chosen signals lie in {number} fields; ask for at most so many.").format(
                number=min(fields, pattern["at_least"])
            )
        ]
    if pattern["weight"] == 0 and pattern["floor"] == "none":
        wrong["weight"] = [pgettext("signal pattern", "Without points and without a floor it would change nothing.")]

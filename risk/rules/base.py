"""A rule: one condition, one file, one explanation on screen (design §5).

A rule is a pure function of the facts as of a day and of what was known. It returns querysets of hits with the
columns of `HIT`; the judge turns hits into points and bands. Numbers are dated parameters and our own criterion,
except where a law fixes the threshold; the law never fixes the score or the band.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Case, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.particles import PAIRS, with_particle
from risk.bands import Band

HIT = ("household_id", "who", "begun", "hit_weight", "hit_bonus", "hit_floor", "hit_trump", "hit_variant", "told")


@dataclass(frozen=True)
class Parameter:
    """A number of a rule that a version may set, with the range that makes sense."""

    value: int
    minimum: int
    maximum: int
    unit: str = "days"

    def check(self, value):
        """Return `value`; raise ValueError when it is outside the range."""
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"{value} is not between {self.minimum} and {self.maximum}")
        return value


@dataclass(frozen=True)
class Basis:
    """What a criterion rests on: a statute, a published practice, or ourselves; with what it fixes."""

    kind: str
    source: object = ""
    fixes: object = ""
    parameter: str = ""
    at_least: int = 0
    more: tuple = ()

    @classmethod
    def statute(cls, source, fixes, parameter="", at_least=0, **more):
        """Return a legal basis. When `parameter` is set to another number than `at_least`, or one of `more` to another
        than its own, the law no longer supports the number."""
        return cls("statute", source, fixes, parameter, at_least, tuple(more.items()))

    @classmethod
    def published(cls, source, fixes, **numbers):
        """Return a basis in published practice, as long as the parameters stand at `numbers`."""
        return cls("published", source, fixes, more=tuple(numbers.items()))

    @classmethod
    def own(cls, fixes=""):
        """Return our own criterion (자체 기준)."""
        return cls("own", "", fixes)

    def holds(self, params):
        """Tell whether the source still supports the number in force."""
        fixed = ((self.parameter, self.at_least), *self.more) if self.parameter else self.more
        return all(params.get(name, 0) == number for name, number in fixed)

    def text(self, params):
        """Return the tag: "기준 3개월: 사회보장급여법 제12조", or "자체 기준"."""
        if self.kind == "own" or not self.holds(params):
            return str(_("Our own criterion"))
        fixes = str(self.fixes).format(n=self.at_least)
        return f"{fixes}: {self.source}"


@dataclass(frozen=True)
class Words:
    """The two sentences of a rule or of one of its variants: `full` for the household page, `list` for lists."""

    full: object
    list: object


class Word(str):
    """Text in a sentence; `{what:이/가}` adds the Korean particle that fits the sound."""

    __slots__ = ()

    def __format__(self, spec):
        return with_particle(str(self), spec) if spec in PAIRS else format(str(self), spec)


class Rule:
    """One criterion. `explanation` and `listed` are templates over `words()`; `variants` replace both.

    `counts_attempts` is judged after the others, whose band says whether an answered message ended the run of attempts;
    `last` at the very end, from the band of all others.
    """

    code: str
    group: str
    weight = 0
    floor: Band | None = None
    trump = False
    last = False
    counts_attempts = False
    name: object
    condition: object = ""
    explanation: object
    listed: object
    variants: dict = {}
    basis: tuple = (Basis.own(),)

    def __init__(self, parameters=None, *, criteria=None):
        """Take the numbers in force; what a version leaves out keeps the number written in the class."""
        given = parameters or {}
        self.criteria = criteria
        self.params = {name: given.get(name, default) for name, default in self.defaults().items()}
        for name, value in self.params.items():
            setattr(self, name, value)

    @classmethod
    def parameters(cls):
        """Return {name: Parameter} of the class."""
        return {n: v for kind in reversed(cls.__mro__) for n, v in vars(kind).items() if isinstance(v, Parameter)}

    @classmethod
    def defaults(cls):
        """Return the numbers of the first version: the weight and every parameter."""
        return {"weight": cls.weight, **{name: p.value for name, p in cls.parameters().items()}}

    def hits(self, facts):
        """Return a list of querysets of hits, each made by `hit()`."""
        raise NotImplementedError

    def words(self, evidence, since, on):
        """Return the words of the sentence's templates, from the evidence alone."""
        return {}

    def sentence(self, evidence, since, on, kind="full"):
        """Return the sentence in the active language; `kind` is "full" or "list"."""
        chosen = self.variants.get(evidence.get("variant") or "", Words(self.explanation, self.listed))
        words = {**self.common_words(evidence, since, on), **self.words(evidence, since, on)}
        text = str(getattr(chosen, kind)).format(**words)
        return f"{text} {unconfirmed()}" if kind == "full" and self._unconfirmed(evidence, on) else text

    def common_words(self, evidence, since, on):
        """Return what every sentence may use: the numbers in force, `days` and `since`."""
        return {
            **{name: Word(value) for name, value in evidence.get("params", {}).items()},
            "days": days(max(0, (on - since).days)),
            "since": Word(short_date(since)),
        }

    def quiet(self, facts):
        """Return (nearest, unknown) for one household where the rule did not fire: a sentence, and a list of them."""
        return self.nearest(facts), [str(u) for u in self.unknown(facts)]

    def nearest(self, facts):
        """Return how near the household is to the threshold, as a sentence."""
        return gettext("No fact on record.")

    def unknown(self, facts):
        """Return what is not known and could make the rule fire."""
        return []

    def rests_on(self, evidence=None):
        """Return the bases of the criterion, or of the one flag that `evidence` made; several ways may rest on other
        ground."""
        return self.basis

    def basis_text(self, params=None, evidence=None):
        """Return what the criterion rests on, for the tag beside a flag; with `evidence`, what this flag rests on."""
        return " · ".join(basis.text(params or self.params) for basis in self.rests_on(evidence))

    def _unconfirmed(self, evidence, on):
        look_back = evidence.get("params", {}).get("look_back")
        facts = [f for f in evidence.get("facts", []) if f["kind"] in ("signal", "contact", "notice")]
        return bool(look_back and facts) and all(
            f.get("unspoken") and (on - parse_day(f["observed"])).days > look_back for f in facts
        )


def hit(rows, *, weight, floor=None, trump=False, bonus=0, variant=""):
    """Return `rows` (gathered facts) as hits; each argument is a value or an expression."""
    columns = {
        "hit_weight": (weight, models.IntegerField()),
        "hit_bonus": (bonus, models.IntegerField()),
        "hit_floor": (floor, models.IntegerField()),
        "hit_trump": (trump, models.BooleanField()),
        "hit_variant": (variant, models.CharField()),
    }
    return rows.annotate(**{name: _expression(*pair) for name, pair in columns.items()}).values_list(*HIT)


def _expression(value, field):
    if hasattr(value, "resolve_expression"):
        return value
    return Value(int(value) if isinstance(value, Band) else value, field)


def fading(weight):
    """Return the weight, halved once all facts of the row have faded."""
    return Case(When(all_faded=True, then=Value(half(weight))), default=Value(weight))


def half(weight):
    """Return half of a weight, rounded up."""
    return -(-weight // 2)


def days(number):
    """Return "16일" or "16 days" in the active language."""
    return Word(ngettext("{n} day", "{n} days", number).format(n=number))


def months(number):
    """Return "4개월" or "4 months" in the active language."""
    return Word(ngettext("{n} month", "{n} months", number).format(n=number))


def unconfirmed():
    """Return the remark that nobody has been able to ask since."""
    return gettext("(Not confirmed: nobody has spoken with the person since.)")


def short_date(day):
    """Return a date the way rows show it: "11. 3." or "3 Nov"."""
    return date_format(day, str(pgettext_lazy("short date format", "j M")))


def date_words(day):
    """Return a date with its year, for days that may lie years away: "2027-03-14"."""
    return day.isoformat()


def parse_day(text):
    """Return the date of evidence text (ISO)."""
    return text if isinstance(text, date) else date.fromisoformat(text[:10])


def listing(words):
    """Return words joined as a sentence lists them: "전기와 수도", "power, water and gas"."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return Word("".join(words))
    if len(words) == 2:
        return Word(gettext("{one} and {other}").format(one=Word(words[0]), other=words[1]))
    return Word(gettext("{many} and {last}").format(many=", ".join(words[:-1]), last=words[-1]))


def codes(evidence, kind="signal"):
    """Return the codes of the evidence's facts of a kind, in order, once each."""
    return list(dict.fromkeys(f["code"] for f in evidence.get("facts", []) if f["kind"] == kind))


def most_months(evidence, default=0):
    """Return the most months that a fact of the evidence told."""
    return max((f.get("months") or 0 for f in evidence.get("facts", [])), default=default)

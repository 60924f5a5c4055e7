"""How a judgement by rules came about, in words for the person it is about (개인정보 보호법 제37조의2).

The machine only sorts a list; a person decides. So the page says which criteria spoke and from what, which did not,
and that nobody loses or gets anything by it alone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from casework.clock import seoul_day
from casework.templatetags.format import fullday
from desks.requests.about import About
from desks.requests.told import OF_DANGER, flags_of
from desks.requests.veil import veil_of
from households.members import marked_among
from households.models import DataRequest
from risk.judge import in_force
from risk.rules import name_of
from risk.sentences import basis, sentence


@dataclass(frozen=True)
class Spoken:
    """One criterion that speaks today: its name, its sentence, what it rests on, and since when."""

    name: str
    sentence: str
    basis: str
    since: date


@dataclass(frozen=True)
class Reasons:
    """What speaks today, what spoke before (sentence with its days), and the names of the criteria that do not."""

    spoken: list[Spoken]
    before: list[str]
    silent: list[str]


def reasons_of(request: DataRequest, *, now: datetime) -> Reasons:
    """Return the reasons for the person whom a request is about, in the language of the page."""
    person, on = request.person_id, seoul_day(now)
    protected = bool(marked_among([person]))
    veil = veil_of(person, places=protected)
    centre = request.agency_id
    about = About(person=request.person, on=on, protected=protected, veil=veil, notes=False, agency=centre)
    found = flags_of(about)
    spoken = [_spoken(flag, about) for flag in found if flag.cleared_at is None]
    before = [_before(flag, about) for flag in found if flag.cleared_at is not None]
    # Whether a criterion about danger from others applies is told to nobody in this way, be there a marker or not.
    names = {flag.rule for flag in found if flag.cleared_at is None} | set(OF_DANGER)
    _criteria, standing = in_force(on)
    return Reasons(spoken, before, [str(one.rule.name) for one in standing if one.rule.code not in names])


def _said(flag, about: About) -> str:
    said = sentence(flag.rule, flag.evidence, flag.since, about.on, language=get_language() or "ko")
    return about.veil.text(said)


def _spoken(flag, about: About) -> Spoken:
    name = str(name_of(flag.rule, flag.evidence))
    return Spoken(name, _said(flag, about), basis(flag.rule, flag.evidence), flag.since)


def _before(flag, about: About) -> str:
    return f"{fullday(flag.since)} ~ {fullday(seoul_day(flag.cleared_at))} · {_said(flag, about)}"

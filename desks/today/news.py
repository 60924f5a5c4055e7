"""What changed among some households since a moment: reasons that came and went, steps on referrals. Two queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.audit.models import AccessLog, Act, Event
from casework.clock import seoul_day
from casework.templatetags.format import moment
from referrals.history import BEFORE_SENDING
from referrals.history import LABELS as STEPS
from referrals.models import Referral
from risk.models import Flag
from risk.rules import is_known, rule_of
from risk.sentences import sentence

MOST = 60
REFERRAL = "referrals.referral"
FIRST_TIME = timedelta(days=1)


@dataclass(frozen=True)
class News:
    """One thing that changed with a household, in words that are safe beside a name."""

    household: int
    at: datetime
    text: str
    note: str
    icon: str
    tone: str


def last_time(user: User, now: datetime) -> datetime:
    """Return when the user logged in before this session; a day ago for who comes for the first time."""
    seen = AccessLog.objects.filter(actor_id=user.pk, act=Act.LOGIN, at__lte=now).order_by("-at", "-id")
    before = list(seen.values_list("at", flat=True)[:2])
    return before[1] if len(before) > 1 else now - FIRST_TIME


def news_of(households: Iterable[int], *, since: datetime, by_others_than: User) -> list[News]:
    """Return what others than the user changed with `households` (ids that the user may see): the newest first, at
    most MOST, and of referrals only those that the user may see."""
    ids = list(households)
    flags = Flag.objects.filter(household__in=ids).filter(Q(raised_at__gt=since) | Q(cleared_at__gt=since))
    found = [_flag(flag, since) for flag in flags.order_by("-id")[:MOST]]
    steps = Event.objects.filter(household_id__in=ids, at__gt=since, subject_type=REFERRAL, verb__in=set(STEPS))
    # A household may have been with another centre, whose referrals are not ours to follow.
    shown = Referral.objects.read_by(by_others_than).filter(household__in=ids).order_by().values("pk")
    steps = steps.filter(subject_id__in=shown).exclude(verb__in=BEFORE_SENDING).exclude(actor_id=by_others_than.pk)
    found += [_step(event) for event in steps.order_by("-at", "-id")[:MOST]]
    return sorted(found, key=lambda news: news.at, reverse=True)[:MOST]


def _flag(flag: Flag, since: datetime) -> News:
    if flag.cleared_at and flag.cleared_at > since:
        name = str(rule_of(flag.rule, flag.evidence).name) if is_known(flag.rule) else flag.rule
        text = _("No longer holds: %(reason)s") % {"reason": name}
        return News(flag.household_id, flag.cleared_at, text, moment(flag.cleared_at), "ok", "green")
    return News(
        flag.household_id, flag.raised_at, _raised(flag), moment(flag.raised_at), "flag", "red" if flag.floor else ""
    )


def _raised(flag: Flag) -> str:
    if not is_known(flag.rule):
        return flag.rule
    on = seoul_day(flag.raised_at)
    return sentence(flag.rule, flag.evidence, flag.since, on, kind="list", language=get_language() or "ko")


def _step(event: Event) -> News:
    label, icon, tone = STEPS[event.verb]
    who: Any = event.actor_label
    return News(
        event.household_id or 0, event.at, f"{label} · {event.subject_label}", f"{moment(event.at)} · {who}", icon, tone
    )

"""Entries of the timeline in words: a title, a line, an icon and a tone. The same in Korean and English by gettext."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from casework.audit.models import Act
from casework.templatetags.format import band_name, fullday, josa, monthname, rowday
from desks.atrisk.rows import decision_word
from desks.household.file import day_of, moment_of
from desks.timeline.entry import Told, joined, learnt_of
from desks.timeline.happened import Happened, Timeline
from desks.timeline.search import search
from desks.timeline.stated import circumstance, incident, screening
from households.models import Assignment, Membership
from households.models.contact import Channel
from households.words import TOPICS, labels, seen_words
from referrals.history import LABELS as REFERRAL_STEPS
from risk.rules import name_of

WHOLE_DAYS = (
    "signal",
    "joined",
    "left",
    "home",
    "assigned",
    "period",
    "period_end",
    "circumstance",
    "screening",
    "incident",
)


def told(timeline: Timeline, number: str, *, protected: bool = False) -> list[Told]:
    """Return the entries in words, newest first; the first of each month carries the month's name.

    `protected`: the address of the household is hidden, so its moves say nothing of where.
    """
    entries, month = [], ""
    for happened in timeline.entries:
        entry = WORDS[happened.kind](happened, number)
        if protected and happened.kind == "home":
            entry.line = ""
        local = timezone.localtime(happened.at)
        entry.at = local.date() if happened.kind in WHOLE_DAYS else local
        if monthname(local) != month:
            entry.month = month = monthname(local)
        entries.append(entry)
    return entries


def local_name(data: dict[str, Any]) -> str:
    """Return the name of the language the page is in."""
    return (data.get("en") if get_language() == "en" else data.get("ko")) or data.get("ko") or ""


NOT_MET = {
    Channel.VISIT: gettext_lazy("Visited, met nobody"),
    Channel.PHONE: gettext_lazy("Called, no answer"),
    Channel.MESSAGE: gettext_lazy("Wrote, no reply"),
    Channel.ONLINE: gettext_lazy("Wrote online, no reply"),
    Channel.OFFICE: gettext_lazy("Expected at the centre, did not come"),
    Channel.ACCOMPANY: gettext_lazy("Waited for an errand together, did not come"),
}
REMOTE = (Channel.PHONE, Channel.MESSAGE, Channel.ONLINE)


def _contact(happened: Happened, number: str) -> Told:
    data = happened.data
    channel = Channel(data["channel"])
    people = ", ".join(data["people"] or ())
    if data["made"]:
        remote = channel in REMOTE
        words = _("%(channel)s · spoke with %(people)s") if remote else _("%(channel)s · met %(people)s")
        who = {"channel": channel.label, "people": josa(people, "와/과" if remote else "을/를")}
        title = words % who if people else str(channel.label)
    else:
        title = str(NOT_MET[channel])
    if not data["readable"]:
        line = joined(data["by"], _("There is a note that you may not read."))
    else:
        minutes = _("%(n)s min") % {"n": data["minutes"]} if data["minutes"] else ""
        seen = ", ".join(str(word) for word in seen_words(data["seen"] or ""))
        topics = ", ".join(str(word) for word in labels(data["topics"] or (), TOPICS))
        line = joined(data["by"], minutes, topics, seen, data["summary"])
        if data["next_at"]:
            line = joined(line, _("next on %(day)s") % {"day": rowday(moment_of(data["next_at"]))})
    href = reverse("households:contact_page", args=[number, data["fact_id"]]) if data["readable"] else ""
    icon = "phone" if channel in REMOTE else "note" if data["made"] else "door"
    return Told(
        title, line, icon, "green" if data["made"] else "", href=href, link=_("Open the record") if href else ""
    )


def _addendum(happened: Happened, number: str) -> Told:
    data = happened.data
    return Told(_("Added to a record"), joined(data["by"], data["text"] or _("There is a note that you may not read.")))


def _signal(happened: Happened, number: str) -> Told:
    data = happened.data
    learnt, late = learnt_of(happened)
    source = _("Source's record number %(reference)s") % {"reference": data["reference"]} if data["reference"] else ""
    ended = _("ended %(day)s") % {"day": fullday(day_of(data["ended"]))} if data["ended"] else ""
    months = _("%(n)s months") % {"n": data["months"]} if data["months"] else ""
    line = joined(data["who"], months, ended, local_name(data["feed"]), source)
    return Told(local_name(data), line, "signal", "red", learnt=learnt, late=late)


def _raised(happened: Happened, number: str) -> Told:
    return Told(
        _("The rules found: %(rules)s") % {"rules": _rules(happened)},
        _("Judged by the rules; people decide."),
        "flag",
        "red",
    )


def _cleared(happened: Happened, number: str) -> Told:
    return Told(_("No longer found: %(rules)s") % {"rules": _rules(happened)}, "", "ok", "green")


def _rules(happened: Happened) -> str:
    """Name each rule once; a pattern goes by the name that it had then."""
    return ", ".join(dict.fromkeys(name_of(rule["code"], rule) for rule in happened.data["rules"]))


def _band(happened: Happened, number: str) -> Told:
    data = happened.data
    title = f"{band_name(data['was'])} → {band_name(data['band'])}"
    return Told(
        title, _("Judged by the rules; people decide."), "flag", "red" if data["band"] > data["was"] else "green"
    )


def _review(happened: Happened, number: str) -> Told:
    data = happened.data
    word = decision_word(data["decision"], data["band"], data["was"])
    rule = data["rule"]
    about = name_of(rule["code"], rule) if rule else band_name(data["band"] or data["was"])
    again = _("look again on %(day)s") % {"day": fullday(day_of(data["review_on"]))}
    return Told(
        _("Review: %(word)s") % {"word": f"{about} {word}"}, joined(data["by"], data["reason"], again), "flag", "blue"
    )


def _referral(happened: Happened, number: str) -> Told:
    data = happened.data
    title, icon, tone = REFERRAL_STEPS.get(data["verb"], (data["verb"], "send", "blue"))
    receiver = data["to_en"] if get_language() == "en" and data["to_en"] else data["to"]
    line = joined(f"{data['by']} → {receiver}", data["reason"])
    href = reverse("referrals:detail", args=[data["number"]])
    return Told(f"{title}: {data['title']}", line, icon, tone, href=href, link=_("Open the referral"))


DEEDS = {
    "household_shared": gettext_lazy("Shared with somebody"),
    "share_ended": gettext_lazy("Share ended"),
    "share_moved": gettext_lazy("Share ends on another day"),
    "unassigned": gettext_lazy("Assignment ended"),
    "head_changed": gettext_lazy("Head of household changed"),
    "name_changed": gettext_lazy("Name changed"),
    "hometown_recorded": gettext_lazy("Home province recorded"),
    "phone_changed": gettext_lazy("Telephone number changed"),
    "preference_recorded": gettext_lazy("Way of contact recorded"),
    "end_step_recorded": gettext_lazy("Protection step recorded"),
    "end_step_taken_back": gettext_lazy("Protection step taken back"),
    "end_notice_sent": gettext_lazy("Written notice sent"),
    "end_notice_outcome": gettext_lazy("What became of a notice recorded"),
    "notice_asked": gettext_lazy("Ministry asked about a notice"),
    "protection_decided": gettext_lazy("Decision on protection recorded"),
    "protection_period_corrected": gettext_lazy("Protection period put right"),
    "personal_period_recorded": gettext_lazy("Days of personal protection recorded"),
    "consent_given": gettext_lazy("Consent recorded"),
    "consent_withdrawn": gettext_lazy("Consent withdrawn"),
    "taken_in": gettext_lazy("Taken in here"),
    "divorced": gettext_lazy("Divorce recorded"),
    "married": gettext_lazy("Marriage recorded"),
    "birth_registered": gettext_lazy("Birth registered"),
    "death_recorded": gettext_lazy("Death recorded"),
    "transfer proposed": gettext_lazy("Transfer proposed"),
    "transfer accepted": gettext_lazy("Transfer accepted"),
    "transfer: worker named": gettext_lazy("Transfer: worker named again"),
    "transfer declined": gettext_lazy("Transfer declined"),
    "transfer given back": gettext_lazy("Transfer given back"),
    "transfer withdrawn": gettext_lazy("Transfer withdrawn"),
    "transfer: first contact": gettext_lazy("First contact: another centre has taken over"),
    "agenda item proposed": gettext_lazy("Brought before a council meeting"),
    "agenda item withdrawn": gettext_lazy("Taken off the agenda of a council meeting"),
    "council decision": gettext_lazy("Decision of a council meeting"),
}


def _deed(happened: Happened, number: str) -> Told:
    data = happened.data
    return Told(str(DEEDS[data["verb"]]), joined(data["by"], data["data"].get("to"), data["reason"]), "people")


def _joined(happened: Happened, number: str) -> Told:
    role = Membership.Role(happened.data["role"]).label
    return Told(
        _("%(who)s joined the household") % {"who": josa(happened.data["who"] or "", "이/가")}, str(role), "people"
    )


def _left(happened: Happened, number: str) -> Told:
    return Told(_("%(who)s left the household") % {"who": josa(happened.data["who"] or "", "이/가")}, "", "people")


def _home(happened: Happened, number: str) -> Told:
    return Told(_("Moved here"), f"{local_name(happened.data)} {happened.data['town']}".strip(), "home")


def _assigned(happened: Happened, number: str) -> Told:
    data = happened.data
    title = f"{Assignment.Kind(data['kind']).label}: {data['worker']}"
    return Told(title, data["reason"], "people", "blue")


def _period(happened: Happened, number: str) -> Told:
    until = _("until %(day)s") % {"day": fullday(day_of(happened.data["until"]))} if happened.data["until"] else ""
    return Told(_("Protection period began"), joined(happened.data["who"], until), "cal", "blue")


def _period_end(happened: Happened, number: str) -> Told:
    return Told(_("Last day of the protection period"), happened.data["who"] or "", "cal", "blue")


LOOKS = {
    Act.OPEN: pgettext_lazy("look", "Opened"),
    Act.REVEAL: pgettext_lazy("look", "Revealed a hidden field"),
    Act.EXPORT: pgettext_lazy("look", "Exported"),
}


def _look(happened: Happened, number: str) -> Told:
    data = happened.data
    times = _("%(n)s times that day") % {"n": data["n"]} if data["n"] > 1 else ""
    return Told(f"{data['by'] or pgettext('look', 'The system')} · {LOOKS[Act(data['act'])]}", times, "eye")


WORDS: dict[str, Callable[[Happened, str], Told]] = {
    "contact": _contact,
    "addendum": _addendum,
    "signal": _signal,
    "raised": _raised,
    "cleared": _cleared,
    "band": _band,
    "review": _review,
    "referral": _referral,
    "deed": _deed,
    "search": search,
    "joined": _joined,
    "left": _left,
    "home": _home,
    "assigned": _assigned,
    "period": _period,
    "period_end": _period_end,
    "circumstance": circumstance,
    "screening": screening,
    "incident": incident,
    "look": _look,
}

"""The written notice of the end of protection on paper (북한이탈주민법 제5조제5항), and the same in easy words.

What the law asks for and no more: the last day, how an extension is asked for, how it goes on. They are in Korean,
whatever language the page is read in; neither the name of the file nor its title names anybody.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.paper import GREY, Paper
from casework.templatetags.format import fullday, fulltime

NOTICE, EASY = "notice", "easy"
KINDS = (NOTICE, EASY)


@dataclass(frozen=True)
class Addressee:
    """Whom a letter is for: what the person is called there, the case number, the last day, the centre that helps."""

    name: str
    number: str
    last: date
    centre: str
    phone: str


def printed(addressees, kind, *, by, now):
    """Return one PDF file with a letter of a kind of KINDS for each Addressee, each on a page of its own."""
    with override("ko"):
        who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
        paper = Paper([who], margin=22)
        paper.set_title(_title(kind))
        paper.set_creation_date(now)
        for one in addressees:
            paper.add_page()
            (_notice if kind == NOTICE else _easy)(paper, one, now)
        return bytes(paper.output())


def over(numbers):
    """Say that no letter is printed for these people (case numbers), whose period is over."""
    return _("No letter is printed for a period that is over: %(numbers)s.") % {"numbers": ", ".join(numbers)}


def _act():
    return _("North Korean Refugees Protection and Settlement Support Act, art. 5(5)")


def _title(kind):
    if kind == NOTICE:
        return _("Notice of the end of residence protection, and how to ask for an extension")
    return _("Your protection period ends soon")


def _notice(paper, one, now):
    paper.say("H1", _title(NOTICE), "B", 17, 10)
    paper.rule()
    paper.say_beside(_("To"), one.name)
    paper.say_beside(_("Case number"), one.number)
    paper.say_beside(_("Last day of protection"), fullday(one.last))
    paper.say_beside(_("Ground of this notice"), _act())
    paper.rule()
    ends = _("Your residence protection ends on %(day)s.") % {"day": fullday(one.last)}
    _part(paper, _("1. The day on which protection ends"), [ends])
    _part(paper, _("2. How to ask for an extension"), _how(one))
    _part(paper, _("3. What happens then"), _afterwards())
    paper.rule()
    paper.say("P", fullday(now), "", 11, 7)
    paper.say("P", _("Minister of Unification"), "B", 14, 10)


def _how(one):
    return [
        _(
            "You may ask the Minister of Unification yourself to extend the period (art. 5(4)). Fill in and sign "
            "the request form (annexed form no. 1 of the Enforcement Rules). Please hand it in before the last day "
            "if you can."
        ),
        _("The Hana Center helps you with the form if you wish. Its help is not a condition: %(centre)s")
        % {"centre": _joined(one)},
    ]


def _afterwards():
    return [
        _("The Council deliberates on your request, and the Minister of Unification decides."),
        _("Each extension lasts five years at most; you may ask again (Enforcement Decree, art. 1-4)."),
        _("You receive the result in writing, with its specific reasons."),
        _("Within 90 days of the notice of the result you may object in writing to the Minister (art. 32)."),
    ]


def _easy(paper, one, now):
    paper.say("H1", _title(EASY), "B", 20, 13)
    paper.say("P", _("To %(name)s") % {"name": one.name}, "", 13, 9)
    paper.rule()
    for text in (
        _("Your protection ends on %(day)s.") % {"day": fullday(one.last)},
        _("Do you need more time? You can ask for an extension."),
        _("You ask the Minister of Unification. You can do it yourself."),
        _("There is a form. Write your name and why you need more time. Sign it."),
        _("Please hand it in before the last day if you can."),
        _("Is the form difficult? Your Hana Center helps you. It costs nothing."),
        _("People meet and talk about your request. Then the Minister decides. You get a letter with the reasons."),
        _("Do you not agree? You can object within 90 days."),
        _("You do not have to do anything if you do not want an extension."),
    ):
        paper.say("P", text, "", 14, 9.5)
        paper.ln(2)
    paper.rule()
    paper.say("P", _("Ask here: %(centre)s") % {"centre": _joined(one)}, "B", 13, 9)
    paper.say("P", fullday(now), "", 10, 7, GREY)


def _part(paper, title, lines):
    paper.say("H2", title, "B", 12.5, 9)
    for line in lines:
        paper.say("P", line, "", 11, 6.6)
    paper.ln(3)


def _joined(one):
    return " ".join(said for said in (one.centre, one.phone) if said) or _("the Hana Center of your region")

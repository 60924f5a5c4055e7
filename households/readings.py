"""How to read the score of a screening: in words, by the cut-offs that the instruments were published with.

A score is a reason to look, never a diagnosis. PHQ-9: Kroenke, Spitzer, Williams 2001. Lonely-death screen: 4 of 10 or
more in the survey of 2022. PC-PTSD-5: Prins and others 2016, the sensitive cut-off. AUDIT: World Health Organization
2001, the zones. C-SSRS screener: any "yes" is followed by an assessment.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from households.models.screening import HIGHEST, Instrument


@dataclass(frozen=True)
class Reading:
    """From `least` points on: the words, and whether somebody is to look further."""

    least: int
    words: object
    look: bool = False


READINGS = {
    Instrument.PHQ9: (
        Reading(0, _("Hardly any sign of depression")),
        Reading(5, _("Mild signs of depression")),
        Reading(10, _("Moderate signs of depression"), look=True),
        Reading(15, _("Moderately severe signs of depression"), look=True),
        Reading(20, _("Severe signs of depression"), look=True),
    ),
    Instrument.LONELY: (
        Reading(0, _("Below the line for a risk of dying alone")),
        Reading(4, _("At risk of dying alone and unnoticed"), look=True),
    ),
    Instrument.PCPTSD5: (
        Reading(0, _("Few signs of trauma")),
        Reading(3, _("Signs of trauma that an expert should assess"), look=True),
    ),
    Instrument.AUDITK: (
        Reading(0, _("Low-risk drinking")),
        Reading(8, _("Hazardous drinking"), look=True),
        Reading(16, _("Harmful drinking"), look=True),
        Reading(20, _("Possible dependence on alcohol"), look=True),
    ),
    Instrument.CSSRS: (
        Reading(0, _("No answer pointing to suicide")),
        Reading(1, _("An answer pointing to suicide: have it assessed"), look=True),
    ),
}


def reading_of(instrument, score):
    """Return the Reading that a score falls under."""
    return max((one for one in READINGS[instrument] if one.least <= score), key=lambda one: one.least)


def steps_of(instrument):
    """Return [(the range of points such as "10–14", the Reading)] of an instrument, from the lowest."""
    steps = READINGS[instrument]
    ends = [*(one.least - 1 for one in steps[1:]), HIGHEST[instrument]]
    return [(f"{one.least}–{end}" if one.least < end else f"{end}", one) for one, end in zip(steps, ends, strict=True)]

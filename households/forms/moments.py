"""Fields for moments that are chosen rather than typed: now, an hour ago, tomorrow at ten, another time."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

OTHER = "other"


class MomentChoice(forms.ChoiceField):
    """Radio choices whose values are moments (ISO 8601, with an optional `|channel`), or `other`.

    A value that a draft kept from an earlier hour stays valid: what was "now" then is not now.
    """

    widget = forms.RadioSelect
    default_error_messages = {"no_moment": _("Please choose one of these times.")}

    def valid_value(self, value):
        return value == OTHER or moment_of(value) is not None


class LocalMoment(forms.DateTimeField):
    """A day and a time of day as people type it, in Seoul time."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs
        )


class Day(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def moment_of(value):
    """Return the aware moment of a choice's value, or None when it is none or no year that anybody lives in."""
    try:
        moment = parse_datetime(value.partition("|")[0])
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) and 1900 < moment.year < 2200 else None


def value_of(moment: datetime, channel=""):
    """Return the choice's value for a moment, to the minute, and what is to be done then."""
    text = timezone.localtime(moment).replace(second=0, microsecond=0).isoformat()
    return f"{text}|{channel}" if channel else text

"""Forms of the household's page: what came of an entitlement, and what somebody thinks of."""

from datetime import date
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.entitlements import applying
from households.entitlements.told import day_words
from households.entitlements.vocabulary import SIDO
from households.entitlements.whatif import Assumed
from households.forms.contact import offer, one_of
from households.forms.moments import Day
from households.models import EntitlementStep
from households.models.circumstance import VALUES, Aspect

MOST_WAGE = 100_000_000
AGES = (18, 19, 25)


def won(label, **kwargs):
    """A whole number of won, typed with or without separators."""
    return Won(label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)


class Won(forms.IntegerField):
    """Won; the separators that people type are taken out."""

    def to_python(self, value):
        return super().to_python(value.replace(",", "").replace(" ", "") if isinstance(value, str) else value)


class StepForm(forms.Form):
    """What came of an entitlement. `members` and `versions` are those of the page; `was` is the version corrected."""

    use_required_attribute = False

    who = one_of([], _("Who is it about"), required=True)
    entitlement = forms.ChoiceField(label=_("Which support"))
    state = one_of(EntitlementStep.State.choices, _("How does it stand"), required=True)
    on = Day(label=_("On which day"))
    until = Day(label=_("Granted until"), required=False, help_text=_("the last day, where one was told"))
    amount = won(_("Amount granted, in won"), min_value=1, max_value=applying.HIGHEST)
    source = forms.CharField(
        label=_("How is it known"),
        help_text=_("a letter, said in person, told by an office"),
        max_length=80,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, members, versions, day, was=None, **kwargs):
        kwargs["initial"] = {"key": uuid4(), "on": day, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.day, self.was = day, was
        self.people = {member.person.case_number: member.person for member in members}
        self.entries = {version.entitlement.code: version.entitlement for version in versions}
        if was:
            del self.fields["who"], self.fields["entitlement"], self.fields["key"]
            return
        del self.fields["version"]
        offer(self, "who", [(member.person.case_number, member.name) for member in members])
        offer(self, "entitlement", [("", "—"), *((version.entitlement.code, version.name) for version in versions)])
        if len(members) == 1:
            self.initial["who"] = members[0].person.case_number

    def clean_on(self):
        """What came of it lies in the past or is of today."""
        on = self.cleaned_data["on"]
        if on > self.day:
            raise forms.ValidationError(_("This day lies in the future."))
        return on

    def perform(self, by):
        """Do the verb and return the EntitlementStep."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("state", "on", "until", "amount", "source")}
        if self.was:
            self.was.pk = data.get("version") or self.was.pk
            return applying.correct_step(self.was, by=by, **said)
        about = (self.people[data["who"]], self.entries[data["entitlement"]])
        return applying.record_step(*about, by=by, client_key=data["key"], **said)


class WhatIfForm(forms.Form):
    """What somebody thinks of: work at a wage, another income, another place, a later day, a birthday."""

    use_required_attribute = False

    on = Day(label=_("As of which day"), required=False, help_text=_("empty: from today"))
    birthday = forms.ChoiceField(label=_("Or on the day somebody turns"), required=False)
    who = forms.ChoiceField(label=_("Who would work"), required=False)
    employment = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", "—"), *VALUES[Aspect.EMPLOYMENT].items()]
    )
    since = Day(label=_("Work since"), required=False)
    wage = won(_("Household income a month, in won"), min_value=0, max_value=MOST_WAGE)
    income = forms.ChoiceField(
        label=_("Or the income against the benefit threshold"),
        required=False,
        choices=[("", "—"), *((code, text) for code, text in VALUES[Aspect.INCOME].items() if code != "unknown")],
    )
    sido = forms.ChoiceField(
        label=pgettext_lazy("what if", "Moves to"),
        required=False,
        choices=[("", "—"), *((sido, sido) for sido in SIDO)],
    )

    def __init__(self, *args, members, births, day, **kwargs):
        """`births`: {person: day of birth} of those of whom it is known to the day."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.day = day
        self.people = {member.person.case_number: member.person for member in members}
        offer(self, "who", [("", "—"), *((member.person.case_number, member.name) for member in members)])
        self.birthdays = dict(_birthdays(members, births, day))
        offer(self, "birthday", [("", "—"), *((code, text) for code, (text, _day) in self.birthdays.items())])

    def clean(self):
        """Work needs somebody who works; a day thought of lies ahead."""
        super().clean()
        data = self.cleaned_data
        if data.get("employment") and not data.get("who"):
            self.add_error("who", _("Please say who would work."))
        if data.get("on") and data["on"] < self.day:
            self.add_error("on", _("What might be lies ahead: choose today or a later day."))
        if data.get("wage") is not None and data.get("income"):
            self.add_error("income", _("Choose an income in won, or against the threshold, not both."))
        return data

    def assumed(self):
        """Return what was thought of; call it when the form is valid."""
        data = self.cleaned_data
        chosen = self.birthdays.get(data.get("birthday") or "")
        person = self.people.get(data.get("who") or "")
        return Assumed(
            on=(chosen[1] if chosen else None) or data.get("on") or self.day,
            person=person and person.pk,
            wage=data.get("wage"),
            since=data.get("since"),
            employment=data.get("employment") or "",
            income=data.get("income") or "",
            sido=data.get("sido") or "",
        )


def _birthdays(members, births, day):
    """Yield (code, (words, day)) of the birthdays to come of the members by which something may change."""
    for member in members:
        born = births.get(member.pk)
        for age in AGES if born else ():
            turns = birthday(born, age)
            if turns > day:
                words = _("%(name)s turns %(age)s on %(day)s") % {
                    "name": member.name,
                    "age": age,
                    "day": day_words(turns),
                }
                yield f"{member.person.case_number}-{age}", (words, turns)


def birthday(born, age):
    """Return the day on which somebody turns `age`: 1 March where there is no 29 February."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)

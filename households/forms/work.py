"""Forms about who works with a household: assignment, its end, a share."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency, User
from casework.agencies.roles import May
from casework.clock import day_ends
from households import actions
from households.forms.contact import one_of
from households.forms.moments import Day
from households.forms.register import DeedForm
from households.models import Assignment
from households.preferences import ask_for_a_woman, named_with_woman, not_known_to_be_a_woman

LONGEST_SHARE = timedelta(days=365)


def rows(form, name):
    """Return the field of a form that offers rows of a table."""
    return form.fields[name]


class AssignForm(DeedForm):
    """A worker of the centre that answers for the household."""

    may_be_later = True

    worker = forms.ModelChoiceField(label=_("Worker"), queryset=User.objects.none())
    kind = one_of(Assignment.Kind.choices, _("As"), initial=Assignment.Kind.MAIN)
    until = Day(label=_("Until and including"), required=False, help_text=_("for a substitute"))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Looking after a household needs a right to see it: a worker without a caseload would not.
        rows(self, "worker").queryset = User.objects.who_may(May.SEE_CASELOAD).filter(agency=self.user.agency_id)
        self.women_for = ask_for_a_woman(self.household, self.day)
        if self.women_for:
            asked = _("a woman worker was asked for by: %(names)s") % {"names": ", ".join(self.women_for)}
            rows(self, "worker").help_text = asked
            rows(self, "worker").label_from_instance = named_with_woman

    def warning(self):
        """Return the sentence where a woman was asked for and the worker is not known to be one."""
        return not_known_to_be_a_woman(self.cleaned_data["worker"], self.women_for)

    def perform(self, by, now):
        data = self.cleaned_data
        kind = data["kind"] or Assignment.Kind.MAIN
        about = {"until": data["until"], "reason": data["reason"]}
        return actions.assign(self.household, worker=data["worker"], kind=kind, on=data["on"], by=by, **about)


class UnassignForm(DeedForm):
    """The end of an assignment that runs today."""

    assignment = forms.ModelChoiceField(label=_("Who stops"), queryset=Assignment.objects.none())
    reason = forms.CharField(label=_("Why"), max_length=200)
    may_be_later = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        running = Assignment.objects.current().filter(household=self.household, during__contains=self.day)
        rows(self, "assignment").queryset = running.select_related("worker").order_by("id")
        rows(self, "assignment").label_from_instance = lambda row: f"{row.worker} · {row.get_kind_display()}"

    def clean(self):
        """The day falls into the assignment: another one would end nothing."""
        data = super().clean() or self.cleaned_data
        ended, on = data.get("assignment"), data.get("on")
        if ended and on and on not in ended.during:
            self.add_error("on", _("This day does not fall into the assignment."))
        return data

    def perform(self, by, now):
        data = self.cleaned_data
        ended = data["assignment"]
        about = {"worker": ended.worker, "kind": ended.kind, "reason": data["reason"]}
        return actions.unassign(self.household, on=data["on"], by=by, **about)


class ShareForm(DeedForm):
    """Showing the household to one person or to one agency, for a time."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.all(), required=False)
    user = forms.CharField(label=_("Log-in name"), max_length=60, required=False, help_text=_("of one person instead"))
    until = Day(label=_("Until and including"))
    reason = forms.CharField(label=_("Why"), max_length=200)
    urgent = forms.BooleanField(
        label=_("Life, body or property is in urgent danger (Personal Information Protection Act, Article 18(2)3)"),
        help_text=_("only where somebody had the sharing of their data stopped"),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["on"]
        rows(self, "agency").queryset = Agency.objects.filter(group__isnull=False).order_by("name_ko")

    def clean_user(self):
        """Somebody who works here."""
        name = self.cleaned_data["user"].strip()
        found = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("Nobody has this log-in name."))
        return found

    def clean_until(self):
        """A share ends, within a year."""
        until = self.cleaned_data["until"]
        if not self.day <= until <= self.day + LONGEST_SHARE:
            raise forms.ValidationError(_("A share ends within a year from today."))
        return until

    def clean(self):
        """One of the two, not both."""
        super().clean()
        data = self.cleaned_data
        if bool(data.get("agency")) == bool(data.get("user")) and "user" not in self.errors:
            self.add_error("agency", _("Share with one person or with one agency."))
        return data

    def perform(self, by, now):
        data = self.cleaned_data
        to = data["user"] or data["agency"]
        words = {"reason": data["reason"], "until": day_ends(data["until"])}
        return actions.share(self.household, to, **words, now=now, by=by, despite="danger" if data["urgent"] else "")

"""The table of routes as reference data: lines are added and ended, never changed and never deleted."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind
from casework.clock import seoul_day
from referrals.directory import routes
from referrals.models import Route


class KindsField(forms.MultipleChoiceField):
    """Kinds of agencies, in the order of the list."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(choices=Kind, **kwargs)


class NewLineForm(forms.ModelForm):
    """A line from a day on; for everywhere, or for one district."""

    first = KindsField(label=_("Whom to ask first"))
    also = KindsField(label=_("Whom to ask beside"), required=False)
    since = forms.DateField(label=_("First day"), widget=AdminDateWidget)
    last = forms.DateField(label=_("Last day"), required=False, widget=AdminDateWidget)

    class Meta:
        model = Route
        fields = ("need", "urgency", "district", "first", "also", "limits")

    def clean_limits(self):
        """Every station with its amount and its unit."""
        routes.check_limits(self.cleaned_data["limits"])
        return self.cleaned_data["limits"]

    def clean(self):
        """The days fit beside the lines that stand."""
        data = super().clean() or {}
        if data.get("since") and data.get("need") and data.get("urgency"):
            line = Route(need=data["need"], urgency=data["urgency"], district=data.get("district"))
            today = seoul_day(timezone.now())
            routes.check_new(line, since=data["since"], last=data.get("last"), today=today)
        return data


class EndLineForm(forms.ModelForm):
    """The last day of a line."""

    last = forms.DateField(label=_("Last day"), widget=AdminDateWidget)

    class Meta:
        model = Route
        fields = ()

    def clean_last(self):
        """A line for a district may end; the one for everywhere is ended by a later one."""
        routes.check_end(self.instance, last=self.cleaned_data["last"], today=seoul_day(timezone.now()))
        return self.cleaned_data["last"]


@admin.register(Route)
class RouteAdmin(admin.ModelAdmin):
    """A used line keeps the clocks of what was sent by it: so none is changed, and none is deleted."""

    list_display = ["need", "urgency", "district", "first", "also", "during"]
    list_filter = ["need", "urgency"]
    autocomplete_fields = ["district"]
    list_select_related = ["district"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A new line is written; of one that stands only the last day is asked."""
        kwargs["form"] = EndLineForm if obj else NewLineForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request, obj=None):
        """The line, and its days."""
        line = [*NewLineForm.Meta.fields]
        return [*line, "during", "last"] if obj else [*line, "since", "last"]

    def get_readonly_fields(self, request, obj=None):
        """Nothing of a line that stands is changed."""
        return [*NewLineForm.Meta.fields, "during"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """Say no, whoever asks."""
        return False

    def save_model(self, request, obj, form, change):
        """Add or end through the verbs, which end the line before and record the Event."""
        today, by = seoul_day(timezone.now()), request.user
        if change:
            routes.end(obj, last=form.cleaned_data["last"], by=by, today=today)
        else:
            routes.add(obj, since=form.cleaned_data["since"], last=form.cleaned_data["last"], by=by, today=today)

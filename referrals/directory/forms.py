"""The form of a service, and what narrows the directory down."""

from datetime import timedelta
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import District, Jurisdiction, Kind
from referrals.directory import hours
from referrals.directory.actions import KEPT
from referrals.models import Channel, Service
from referrals.models.service import NATIONAL
from referrals.states import NEEDS

DAY = timedelta(days=1)


def lines(rows):
    """Return a text box of `rows` lines."""
    return forms.Textarea(attrs={"rows": rows})


def a_day(label, **options):
    """Return a field for one day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ServiceForm(forms.ModelForm):
    """What an agency says of one of its services."""

    use_required_attribute = False

    channels = forms.MultipleChoiceField(
        label=_("How to ask"), choices=Channel, widget=forms.CheckboxSelectMultiple, help_text=_("one or more")
    )
    districts = forms.ModelMultipleChoiceField(
        label=_("Districts"),
        queryset=District.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("none ticked: wherever the agency works"),
    )
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    capacity_on = a_day(_("As said on"), required=False)
    first = a_day(_("Offered from"))
    last = a_day(_("Offered until"), required=False, help_text=_("the last day; empty: until further notice"))

    class Meta:
        model = Service
        fields = [name for name in KEPT if name not in ("hours", "during")] + ["districts"]
        widgets = {
            "need": forms.Select,
            **dict.fromkeys(("who_ko", "who_en", "bring_ko", "bring_en"), lines(2)),
            **dict.fromkeys(("guidance_ko", "guidance_en"), lines(3)),
        }

    def __init__(self, *args, agency, today, **kwargs):
        """`agency` is the one whose service it is, `today` the day from which a new one is offered."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        cast(forms.ModelMultipleChoiceField, self.fields["districts"]).queryset = self._areas(agency, today)
        spans = hours.parse(self.instance.hours)
        for day in hours.DAYS:
            shown = "-".join(spans[day]) if day in spans else ""
            self.fields[f"hours_{day}"] = forms.CharField(label=hours.WORDS[day], required=False, initial=shown)
        during = self.instance.during
        self.initial["first"] = during.lower if during else today
        self.initial["last"] = during.upper - DAY if during and during.upper else None

    def _areas(self, agency, today):
        covered = Jurisdiction.objects.filter(agency=agency, during__contains=today).order_by().values("district")
        fitting = Q(pk__in=covered)
        if agency.kind in NATIONAL:
            fitting |= Q(kind=District.Kind.SIDO)
        if self.instance.pk:
            kept = Service.districts.through.objects.filter(service=self.instance.pk).values("district")
            fitting |= Q(pk__in=kept)
        return District.objects.filter(fitting).order_by("code")

    @property
    def week(self):
        """Return the fields of the opening hours, day by day."""
        return [self[f"hours_{day}"] for day in hours.DAYS]

    def clean_url(self):
        """Keep the address as it is sent: other directories read no Hangul in it."""
        return iri_to_uri(self.cleaned_data["url"])

    def clean(self):
        """Put the days and the hours together."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first:
            data["during"] = DateRange(first, last + DAY if last else None)
        data["hours"] = hours.join(self._spans(data))
        return data

    def _spans(self, data):
        spans = {}
        for day in hours.DAYS:
            try:
                if span := hours.read_span(data.get(f"hours_{day}") or ""):
                    spans[day] = span
            except ValidationError as refused:
                self.add_error(f"hours_{day}", refused)
        return spans

    def _post_clean(self):
        """The verb checks the whole service; here the typed values are not yet put onto it."""

    def refused(self, error):
        """Show what the verb refused, at its field where the form has it."""
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in told.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def words(self):
        """Return the cleaned fields as the verbs take them."""
        return {name: self.cleaned_data[name] for name in KEPT}


class FindForm(forms.Form):
    """What narrows the directory down; what is not understood narrows nothing."""

    need = forms.ChoiceField(label=_("What it helps with"), required=False)
    district = forms.ChoiceField(label=_("For people of"), required=False)
    kind = forms.ChoiceField(label=_("Kind of agency"), required=False)
    q = forms.CharField(label=_("Word in the name"), required=False, max_length=60)
    open = forms.BooleanField(label=_("Open today"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        all_of_them = [("", gettext("All"))]
        cast(forms.ChoiceField, self.fields["need"]).choices = [*all_of_them, *NEEDS]
        cast(forms.ChoiceField, self.fields["kind"]).choices = [*all_of_them, *Kind.choices]
        cast(forms.ChoiceField, self.fields["district"]).choices = [("", gettext("Everywhere")), *_districts()]

    @property
    def asked(self):
        """Return what was asked for and understood: {name: value}."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return found | ({"district": int(found["district"])} if "district" in found else {})


def _districts():
    """Return the choices by province: the province itself, then its districts; one query."""
    groups: dict[int, list] = {}
    titles = {}
    for district in District.objects.order_by("code"):
        of = district.parent_id or district.pk
        groups.setdefault(of, []).append((district.pk, str(district)))
        titles.setdefault(of, str(district))
    return [(titles[of], rows) for of, rows in groups.items()]

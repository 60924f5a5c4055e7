"""The forms of a handover: announcing a household, its steps, the move-in, the first steps after it."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency, User
from households.forms.contact import one_of
from households.forms.intake import PartialDay
from households.forms.moments import Day
from households.forms.register import district_field, town_field
from households.models import Handover, Particulars, ProtectionDecision
from households.models.hometown import PROVINCE_CHOICES
from households.models.person import LANGUAGES
from households.preferences import named_with_woman
from households.words import MEMBER_ROLES

Decision = ProtectionDecision.Decision
DECISIONS = [(one.value, one.label) for one in (Decision.PROTECTED, Decision.NON_PROTECTED, Decision.PENDING)]


def _label(name, model=Handover):
    return model._meta.get_field(name).verbose_name


class Plain(forms.Form):
    """Base: no colon behind labels, and errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class PlaceForm(Plain):
    """Where the household goes: the district, and the centre that covers it."""

    district = district_field()
    center = forms.ModelChoiceField(
        label=_label("center"), queryset=Agency.objects.none(), empty_label=_("Choose a centre")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered: forms.ModelChoiceField = self.fields["center"]  # type: ignore[assignment]
        offered.queryset = Agency.objects.centres().order_by("name_ko")


class HandoverForm(PlaceForm):
    """A coming household, with the minimum: no address, no telephone, nothing about health."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    moves_on = Day(label=_label("moves_on"))
    cohort = forms.CharField(label=_label("cohort"), max_length=60, required=False)
    language = forms.ChoiceField(label=_label("language"), choices=LANGUAGES)
    interpreter = forms.BooleanField(label=_label("interpreter"), required=False)
    woman_worker = forms.BooleanField(label=_label("woman_worker"), required=False)
    first_day = forms.CharField(
        label=_label("first_day"), help_text=_("one line; nothing about health"), max_length=200, required=False
    )


class PersonRow(Plain):
    """One person who comes."""

    family = forms.CharField(label=_("Family name"), max_length=40)
    given = forms.CharField(label=_("Given name"), max_length=80)
    sex = forms.ChoiceField(label=_("Sex"), choices=Particulars.Sex.choices, initial="U")
    birth = PartialDay(label=_("Born"), required=False, help_text=_("year, or month, or day, as far as known"))
    role = forms.ChoiceField(label=_("As"), choices=[("", "–"), *MEMBER_ROLES.items()])
    is_defector = forms.TypedChoiceField(
        label=_("Came from the North"),
        choices=[("yes", pgettext_lazy("yes or no", "Yes")), ("no", pgettext_lazy("yes or no", "No"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )

    home_province = forms.ChoiceField(label=_("Home province in the North"), choices=PROVINCE_CHOICES, required=False)

    def has_changed(self):
        """Whether anybody is named here: a row without a name is nobody."""
        return any(self[name].value() for name in ("family", "given", "birth"))

    @property
    def told(self):
        """The fields of HandoverPerson."""
        data = dict(self.cleaned_data)
        birth_on, precision = data.pop("birth")
        return {**data, "birth_on": birth_on, "birth_precision": precision}


class PersonRows(forms.BaseFormSet):
    """The people who come together: at least one, and one of them the head."""

    def clean(self):
        """One head, no more."""
        heads = [form for form in self.filled if form.cleaned_data.get("role") == "head"]
        if not any(self.errors) and len(heads) != 1:
            raise forms.ValidationError(gettext("One of the people who are coming is the head of the household."))

    @property
    def filled(self):
        """The rows in which somebody is named."""
        return [form for form in self.forms if form.has_changed()]


def people_rows(data=None, *, initial=(), extra=3):
    """Return the rows of people, bound to `data` where there is any; the first is somebody."""
    made = forms.formset_factory(PersonRow, formset=PersonRows, extra=extra, max_num=12, min_num=1)
    initial = list(initial) or [{"role": "head"}]
    return made(data, prefix="people", initial=None if data else initial)


class WorkerForm(Plain):
    """Who will look after the household."""

    worker = forms.ModelChoiceField(
        label=_("Responsible worker"), queryset=User.objects.none(), empty_label=_("Choose a worker")
    )

    def __init__(self, *args, workers, woman=False, **kwargs):
        """`woman`: a woman worker was asked for, and the list says of whom it is known."""
        super().__init__(*args, **kwargs)
        offered: forms.ModelChoiceField = self.fields["worker"]  # type: ignore[assignment]
        offered.queryset = workers
        if woman:
            offered.help_text = _("a woman worker was asked for")
            offered.label_from_instance = named_with_woman  # type: ignore[method-assign]


class ReasonForm(Plain):
    """Why; it stays with the handover."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DayForm(Plain):
    """Another day of the move."""

    moves_on = Day(label=_label("moves_on"))


class MoveInForm(Plain):
    """The day of the move, and of each who may be on file already, who it is."""

    on = Day(label=_("Moved in on"))
    town = town_field()
    decision = one_of(
        DECISIONS,
        _("Protection decision"),
        required=True,
        help_text=_("of those who came from the North; the decision is the Minister's"),
    )

    def __init__(self, *args, coming, **kwargs):
        super().__init__(*args, **kwargs)
        self.coming = coming
        for one in coming:
            if one.similar:
                self.fields[f"who_{one.person.pk}"] = self._who(one)

    def _who(self, one):
        known = [
            (other.person.case_number, f"{other.name} {other.person.case_number} · {' '.join(map(str, other.reasons))}")
            for other in one.similar
            if other.person
        ]
        elsewhere = sorted({other.centre or "–" for other in one.similar if not other.person})
        ask = gettext("A record exists at another agency. Please ask: %(centre)s") % {"centre": ", ".join(elsewhere)}
        return one_of(
            [*known, ("new", _("Another person: put on file anew"))],
            _("%(name)s: somebody on file may be the same person") % {"name": one.person},
            required=True,
            help_text=ask if elsewhere else "",
        )

    def known(self):
        """Return {HandoverPerson id: Person} of those who are on file already."""
        found = {}
        for one in self.coming:
            chosen = self.cleaned_data.get(f"who_{one.person.pk}", "new")
            same = [other.person for other in one.similar if other.person and other.person.case_number == chosen]
            if same:
                found[one.person.pk] = same[0]
        return found


class TickForm(Plain):
    """On which day a step was done."""

    done_on = Day(label=_("Done on"))

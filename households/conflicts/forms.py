"""The form that records a conflict of interest."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from households.forms.contact import one_of
from households.models import ConflictOfInterest


def _label(name, model=ConflictOfInterest):
    return model._meta.get_field(name).verbose_name


class OwnConflictForm(forms.Form):
    """What stands in the way, and why in a word: of oneself, with somebody who is known from the page."""

    use_required_attribute = False

    kind = one_of(ConflictOfInterest.Kind.choices, _label("kind"), required=True)
    words = forms.CharField(
        label=_label("words"), help_text=_("no more than is needed"), max_length=200, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ConflictForm(OwnConflictForm):
    """Who may not look after whom, and why in a word."""

    field_order = ("person", "user", "kind", "words")

    person = one_of([], _("Which person of the household"), required=True)
    user = forms.ModelChoiceField(label=_label("user"), queryset=User.objects.none())

    def __init__(self, *args, members, staff, **kwargs):
        """`members`: of the household; `staff`: of whom the user may record it, oneself among them."""
        super().__init__(*args, **kwargs)
        people: forms.ChoiceField = self.fields["person"]  # type: ignore[assignment]
        people.choices = [(member.person.case_number, member.name) for member in members]
        self.members = {member.person.case_number: member.person for member in members}
        offered: forms.ModelChoiceField = self.fields["user"]  # type: ignore[assignment]
        offered.queryset = staff

    def clean_person(self):
        """Return the Person."""
        return self.members[self.cleaned_data["person"]]

"""The form of an education record."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from households.forms.contact import one_of
from households.forms.moments import Day
from households.models import CourseRecord


def _label(name, model=CourseRecord):
    return model._meta.get_field(name).verbose_name


class CourseForm(forms.Form):
    """Which course, when, how many hours, what came of it."""

    use_required_attribute = False

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    kind = one_of(CourseRecord.Kind.choices, _label("kind"), required=True)
    title = forms.CharField(label=_label("title"), max_length=120, required=False)
    begins_on = Day(label=_label("begins_on"))
    ends_on = Day(label=_label("ends_on"), required=False)
    hours = forms.IntegerField(
        label=_label("hours"),
        min_value=0,
        max_value=2000,
        required=False,
        help_text=_("the initial education is published as 8 days, 50 hours"),
    )
    result = one_of(CourseRecord.Result.choices, _label("result"), required=True)
    reason = forms.CharField(label=_label("reason"), max_length=200, required=False)
    place = forms.CharField(label=_label("place"), max_length=80, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

"""What the notices of this floor lead to, and of which numbers somebody may open it (see casework.telling.targets)."""

from households.models import CaseConference, DataRequest, ExtensionRequest, Handover, Household, Person
from households.models.conflict import barred_from


def _numbered(model):
    """Return the question for a page of one row by its number."""
    return lambda user, labels: _numbers(model.objects.visible_to(user).filter(number__in=labels), "number")


def _people(user, labels):
    return _numbers(Person.objects.kept_by(user).filter(case_number__in=labels), "case_number")


def _unless_barred(user, labels):
    """Somebody who did not come back is looked for by whoever is there; only a conflict of interest closes it."""
    barred = Household.objects.filter(number__in=labels, pk__in=barred_from(user))
    return labels - _numbers(barred, "number")


def _numbers(rows, column):
    return set(rows.order_by().values_list(column, flat=True))


OPENS = {
    "desks:conference": _numbered(CaseConference),
    "households:conflicts": _numbered(Household),
    "households:data_request": _numbered(DataRequest),
    "households:extension": _numbered(ExtensionRequest),
    "households:handover": _numbered(Handover),
    "households:person_protection": _people,
    "households:visit": _unless_barred,
}

"""Writing a referral from a system: through the form that people use, so that one set of rules holds."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied, ValidationError

from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, read_number
from households.actions.rights import answers_for
from households.models import Household, Membership, Person
from referrals import actions
from referrals.asking import ReferralForm
from referrals.models import Referral

SAME = ("need", "urgency", "title", "request", "sections", "facts", "tried", "health", "ground", "note")
# How a field of the form is called in the interface.
CALLED = {"person": "case_number", "consent_on": "consent.on", "consent_until": "consent.until"}


@transaction.atomic
def write(words, *, by, now, client_key):
    """Make a draft of `words` (see `shapes.Written`), send it if they say so, and return it; the same `client_key`
    lands once. What cannot be sent is not kept as a draft either.

    Raises Http404 for a household that the user does not see, PermissionDenied where another agency answers for it,
    ValidationError with the fields that are not right.
    """
    on = seoul_day(now)
    household, person = _whom(words, by, on)
    if not can(by, May.REFER):
        raise PermissionDenied
    if not answers_for(by, household):
        raise PermissionDenied(_("Help is asked for by the centre that answers for the household."))
    landed = Referral.objects.filter(sender=by, client_key=client_key).first()
    if landed:
        return landed
    form = ReferralForm(
        _typed(words, household, person, on) | {"client_key": str(client_key)}, household=household, user=by, on=on
    )
    if not form.is_valid():
        raise ValidationError(_errors(form))
    kept = form.words()
    kept.pop("client_key")
    draft = actions.save_draft(household, by=by, now=now, client_key=client_key, **kept)
    return actions.VERBS["send"](draft, by=by, now=now) if words.get("send") else draft


def _whom(words, by, on):
    """Return (Household, Person or None) that the words name and the user sees."""
    if words.get("case_number"):
        person = _person(words["case_number"], by)
        homes = Membership.objects.current().during(on).filter(person=person, household__kind=Household.Kind.LIVING)
        household = Household.objects.visible_to(by).filter(pk__in=homes.order_by().values("household")).first()
    else:
        person = None
        number = read_number(words.get("household") or "", HOUSEHOLD_GROUPS)
        household = Household.objects.visible_to(by).filter(number=number).first()
    if household is None:
        raise Http404
    return household, person


def _person(written, by):
    number = read_number(written, PERSON_GROUPS)
    person = Person.objects.visible_to(by).filter(case_number=number).first()
    if person is None:
        raise Http404
    return person


def _typed(words, household, person, on):
    """Return the words as the form would be typed."""
    data = {name: words.get(name) or "" for name in SAME}
    data |= {
        "sections": words.get("sections") or [],
        "to_agency": str(words["to_agency"]),
        "person": person.pk if person else "",
    }
    for place, line in enumerate(words.get("desired") or (), start=1):
        data |= {f"desired_{place}": line["text"], f"for_{place}": _member(household, on, line.get("case_number"))}
    if consent := words.get("consent"):
        data |= {
            "consent_on": _day(consent["on"]),
            "consent_until": _day(consent.get("until")),
            "consent_by": _member(household, on, consent.get("case_number")),
        }
    return data


def _member(household, on, written):
    """Return the id of the member with this case number, "" for none named, "0" for nobody of this household."""
    if not written:
        return ""
    number = read_number(written, PERSON_GROUPS)
    members = Membership.objects.current().during(on).filter(household=household, person__case_number=number)
    return members.order_by("id").values_list("person", flat=True).first() or "0"


def _day(value):
    return value.isoformat() if value else ""


def _errors(form):
    return {_called(name): [str(text) for text in texts] for name, texts in form.errors.items()}


def _called(name):
    if name.startswith(("desired_", "for_")):
        return f"desired.{int(name.rpartition('_')[2]) - 1}"
    return CALLED.get(name, "" if name == "__all__" else name)

"""What stands on a page in place of a telephone number or a town until somebody says why they need it."""

import re

from households.models import ContactPreference, Dwelling, Membership, Phone

HIDDEN = "•••"


def mask_phone(number):
    """Return 010-****-1234 for a whole number: the last four digits tell two numbers apart and call nobody."""
    digits = re.sub(r"\D", "", number)
    if len(digits) < 8:
        return "****"
    return f"{digits[:3]}-****-{digits[-4:]}"


def hidden_value(person, what, day):
    """Return (masked, value) of a hidden field of a person on a day, or None when there is none.

    `what` is `phone`, `safe_number` or `town` (of the household the person lives in).
    """
    if what == "town":
        value = _town(person, day)
        return value and (HIDDEN, value)
    if what == "phone":
        rows = Phone.objects.current().filter(person=person, during__contains=day).order_by("-id")
        value = rows.values_list("number", flat=True).first()
    else:
        wishes = ContactPreference.objects.current().filter(person=person, stated_on__lte=day)
        value = wishes.order_by("-stated_on", "-id").values_list("safe_number", flat=True).first()
    return (mask_phone(value), value) if value else None


def _town(person, day):
    homes = Membership.objects.current().filter(person=person, during__contains=day, kind="living").values("household")
    row = (
        Dwelling.objects.current().filter(household__in=homes, during__contains=day).select_related("district").first()
    )
    return " ".join(filter(None, [str(row.district or ""), row.town])) if row else ""


REVEALABLE = ("phone", "safe_number", "town")
REACHING = {"phone", "safe_number"}

"""The saved filter of a survey in words."""

from typing import Any

from django.utils.translation import gettext as _

from casework.agencies.models import Agency, District
from risk.bands import Band
from risk.campaigns.population import Criteria


def criteria_words(criteria: Criteria) -> list[str]:
    """Return what the filter asks, one phrase each; nothing where it names everybody. At most two queries."""
    said = [_and(_("Band"), [Band(value).label for value in criteria.bands])] if criteria.bands else []
    if criteria.centres:
        said.append(_and(_("Centre"), Agency.objects.filter(pk__in=criteria.centres).order_by("name_ko")))
    if criteria.districts:
        districts = District.objects.filter(pk__in=criteria.districts).order_by("code")
        said.append(_and(_("District"), districts))
    if criteria.ends_within is not None:
        said.append(_("Protection ends within %(n)s days") % {"n": criteria.ends_within})
    if criteria.alone:
        said.append(_("One-person households"))
    if criteria.silent_for is not None:
        said.append(_("No talk with the person for more than %(n)s days") % {"n": criteria.silent_for})
    return said + _age(criteria)


def _and(what: str, which: Any) -> str:
    return f"{what}: {', '.join(str(one) for one in which)}"


def _age(criteria: Criteria) -> list[str]:
    first, last = criteria.age_from, criteria.age_to
    if first is not None and last is not None:
        return [_("Somebody aged %(first)s to %(last)s") % {"first": first, "last": last}]
    if first is not None:
        return [_("Somebody aged %(n)s or older") % {"n": first}]
    return [_("Somebody aged %(n)s or younger") % {"n": last}] if last is not None else []

"""One person: names, dated facts, protection, how to reach them, and what they agreed to."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import age_on, seoul_day
from casework.context import url_or_nothing
from desks.duplicates.linked import linked_of, seen_of
from desks.search import deaths_of
from households.actions.rights import asks_for
from households.deaths.reported import reported
from households.masks import mask_phone
from households.members import names_on
from households.models import (
    Consent,
    ContactPreference,
    CorrectionStatement,
    DeathReview,
    Hometown,
    Household,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    ProtectionDecision,
    ProtectionPeriod,
    Residence,
    Responsibility,
    Restriction,
)
from households.models.circle import TODAY
from households.preferences import language_words
from households.views.deeds import PERSON_DEEDS


@require_safe
def person(request: Request, case_number: str) -> HttpResponse:
    """One person, for those who may see one of the person's households; looking is logged."""
    found = get_object_or_404(Person.objects.visible_to(request.user), case_number=case_number)
    on = seoul_day(timezone.now())
    homes = homes_of(found, request.user)
    told = reported().filter(person=found).exists()
    died = None if told else deaths_of([found.pk]).get(found.pk)
    linked = linked_of([found.pk], request.user, on=on)
    subjects = [found.pk, *seen_of(linked)]
    looked(request, Act.OPEN, subjects=subjects, households=[home.household_id for home in homes])
    context = {
        "person": found,
        "name": names_on([found.pk], on).get(found.pk, found.case_number),
        "on": on,
        "homes": homes,
        "home": next((home for home in homes if on in home.during), None),
        "latin": get_language() == "en",
        **facts_of(found, died or on),
        "died": died,
        "told": told,
        "review": DeathReview.objects.visible_to(request.user).filter(person=found).exists(),
        "acts": acts_for(request.user, homes, case_number, died, told=told),
        "ask": "" if died or told else asking(request.user, found),
        **own_data(request.user, found, on),
        "linked": linked,
        "links_open": can(request.user, May.INTAKE),
    }
    return render(request, "desks/person.html", context)


def homes_of(found: Person, user: User) -> list[Membership]:
    """Return the memberships in households that the user may see, the latest first."""
    seen = Household.objects.visible_to(user).order_by().values("pk")
    rows = Membership.objects.current().filter(person=found, household__in=seen).select_related("household")
    return sorted(rows.order_by("id"), key=lambda row: (row.during.upper is None, row.during.upper), reverse=True)


def facts_of(found: Person, on: Any) -> dict[str, Any]:
    """Return the facts that stand about the person, each kind in its own query."""

    def current(model: Any) -> Any:
        return model.objects.current().filter(person=found)

    about = current(Particulars).first()
    phone = current(Phone).filter(during__contains=on).order_by("-id").first()
    return {
        "names": list(current(PersonName).order_by("kind", "-id")),
        "about": about,
        "age": age_on(about.birth_on, on) if about and about.birth_on and about.birth_on <= on else None,
        "residence": list(current(Residence).order_by("-id")),
        "decisions": list(current(ProtectionDecision).order_by("-id")),
        "periods": list(current(ProtectionPeriod).order_by("-during")),
        "wish": (wish := current(ContactPreference).order_by("-stated_on", "-id").first()),
        "spoken": language_words({"language": wish.language, "interpreter": wish.interpreter}) if wish else "",
        "consents": list(current(Consent).select_related("recipient").order_by("-during")),
        "phone": mask_phone(phone.number) if phone else "",
        "hometown": current(Hometown).first(),
    }


def own_data(user: User, found: Person, on: Any) -> dict[str, Any]:
    """Return what the person said against entries, what use of the data is stopped, and where a request about the own
    data is taken down."""
    kept = can(user, May.RECORD_CONTACT) and Person.objects.kept_by(user).filter(pk=found.pk).exists()
    stopped = Restriction.objects.current().during(on).reaching([found.pk]).select_related("request")
    return {
        "statements": list(CorrectionStatement.objects.filter(person=found).order_by("id")),
        "stopped": stopped.order_by("id").first(),
        "data_request": url_or_nothing("households:data_request_new", found.case_number) if kept else "",
    }


def asking(user: User, found: Person) -> str:
    """Return where an office that keeps no file asks for help for the person, or nothing."""
    may = can(user, May.ASK_FOR) and asks_for(user, found)
    return url_or_nothing("referrals:ask_for", found.pk) if may else ""


def acts_for(user: User, homes: list[Membership], case_number: str, died: Any, *, told: bool = False) -> dict[str, str]:
    """Return the addresses of what the user may change here: at the centre that answers for the household, no other. Of
    somebody who has died only the name is put right; `told`: of whose death a file tells, it is answered first."""
    households = [home.household_id for home in homes]
    ours = Responsibility.objects.current().filter(
        household__in=households, center=user.agency_id, during__contains=TODAY
    )
    if not can(user, May.INTAKE) or not ours.exists():
        return {}
    verbs = ["name"] if died else ["reported_death"] if told else list(PERSON_DEEDS)
    return {verb: url_or_nothing(f"households:{verb}", case_number) for verb in verbs}

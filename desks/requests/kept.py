"""The parts of a record that the register knows: each a function of About that returns lines."""

from collections import Counter

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from casework.templatetags.format import fullday, num, period
from desks.requests.about import About
from households.forms.person import ITEMS
from households.models import (
    Circumstance,
    Consent,
    ContactPreference,
    CorrectionStatement,
    DataRequest,
    Dwelling,
    EndNotice,
    EndStep,
    EntitlementStep,
    EntitlementVersion,
    ExtensionRequest,
    Hometown,
    Membership,
    Particulars,
    PersonalProtection,
    PersonalProtectionPeriod,
    PersonName,
    Phone,
    ProtectionDecision,
    ProtectionPeriod,
    Residence,
    Restriction,
    Screening,
    SettlementAnswer,
    Whereabouts,
)
from households.models.data_request import Scope
from households.words import MEMBER_ROLES

TOLD = frozenset(
    model._meta.label
    for model in (
        Circumstance,
        Consent,
        ContactPreference,
        CorrectionStatement,
        EndNotice,
        EndStep,
        EntitlementStep,
        ExtensionRequest,
        Membership,
        Particulars,
        PersonalProtection,
        PersonalProtectionPeriod,
        PersonName,
        Hometown,
        Phone,
        ProtectionDecision,
        ProtectionPeriod,
        Residence,
        Restriction,
        Screening,
        SettlementAnswer,
        Whereabouts,
    )
)


def _rows(model, about, *order):
    return model.objects.current().filter(person=about.person).order_by(*order, "id")


def _said(label, *words):
    return f"{label}: {' · '.join(str(word) for word in words if word)}"


def _days(during):
    return period(during) if during and (during.lower or during.upper) else ""


def particulars(about: About) -> list[str]:
    """Number, names, birth, sex, arrival, residence."""
    lines = [_said(_("Case number"), about.person.case_number)]
    lines += [_said(row.get_kind_display(), row, _days(row.during)) for row in _rows(PersonName, about, "kind")]
    for row in _rows(Particulars, about):
        pairs = [
            (_("Born"), fullday(row.birth_on) + ("" if row.birth_precision == "day" else f" ({_('about')})")),
            (_("Sex"), row.get_sex_display()),
            (_("Language"), row.language),
            (_("Resettled from North Korea"), _("yes") if row.is_defector else _("no")),
            (_("Entered the country"), fullday(row.entered_on)),
            (_("First move-in"), fullday(row.moved_in_on)),
        ]
        lines += [_said(label, words) for label, words in pairs if words]
    lines += [_said(_("Home province in the North"), row) for row in _rows(Hometown, about)]
    return lines + [
        _said(_("Residence"), row.get_status_display(), _days(row.during)) for row in _rows(Residence, about)
    ]


def reach(about: About) -> list[str]:
    """Telephone numbers and wishes."""
    lines = [_said(_("Telephone"), row.number, _days(row.during)) for row in _rows(Phone, about)]
    for row in _rows(ContactPreference, about, "stated_on"):
        words = [_("does not want contact") if row.wants_no_contact else row.get_channel_display(), row.hours]
        words += [_("a woman worker") if row.woman_worker else "", row.safe_number, fullday(row.stated_on)]
        lines.append(_said(_("Wishes"), *words))
    return lines


def households(about: About) -> list[str]:
    """Own memberships; others by relation only, and neither others nor places where the household is protected."""
    lines, belonged = [], []
    for row in _rows(Membership, about, "during").filter(during__isempty=False).select_related("household"):
        belonged.append(row)
        words = (row.household.number, MEMBER_ROLES[row.role], _days(row.during))
        lines.append(_said(row.household.get_kind_display(), *words))
    if about.protected:
        return lines
    today = {row.household_id for row in belonged if about.on in row.during}
    beside = Membership.objects.current().during(about.on).filter(household__in=today, kind="living")
    roles = Counter(beside.exclude(person=about.person).order_by("id").values_list("role", flat=True))
    if roles:
        beside_them = [f"{MEMBER_ROLES[role]} {number}" for role, number in roles.items()]
        lines.append(_said(_("Others in the household today, as related to its head"), *beside_them))
    return lines + _places(belonged)


def _places(belonged):
    """Where each household lived while the person belonged to it, on those days alone: where it went afterwards is not
    the person's to know."""
    there = Q(pk__in=[])
    for row in belonged:
        there |= Q(household=row.household_id, during__overlap=row.during)
    found = Dwelling.objects.current().filter(there).select_related("district").order_by("id")
    lines = [
        _said(_("Where it lives"), one.district, one.town, _days(_both(one.during, row.during)))
        for one in found
        for row in belonged
        if row.household_id == one.household_id and _both(one.during, row.during)
    ]
    return list(dict.fromkeys(lines))


def _both(one, other):
    """The days that two ranges have in common, or None."""
    first = max((day for day in (one.lower, other.lower) if day), default=None)
    last = min((day for day in (one.upper, other.upper) if day), default=None)
    return None if first and last and first >= last else DateRange(first, last)


def protection(about: About) -> list[str]:
    """Decisions, periods, notices and steps before the end, personal protection, requests to extend."""
    rows = [
        *(
            _said(_("Decision"), one.get_decision_display(), _days(one.during), one.basis, fullday(one.decision_on))
            for one in _rows(ProtectionDecision, about)
        ),
        *(
            _said(_("Period"), _days(one.during), one.get_basis_display(), one.decision)
            for one in _rows(ProtectionPeriod, about)
        ),
        *(
            _said(_("Personal protection by the police"), _days(one.during))
            for one in _rows(PersonalProtectionPeriod, about)
        ),
        *(
            _said(_("Personal protection by the police"), one.get_state_display(), fullday(one.stated_on))
            for one in _rows(PersonalProtection, about)
        ),
        *(_said(_("Written notice of the end"), fullday(one.sent_on)) for one in _rows(EndNotice, about)),
        *(
            _said(_("Step before the end"), one.get_step_display(), fullday(one.done_on), about.veil.text(one.words))
            for one in _rows(EndStep, about)
        ),
    ]
    asked = ExtensionRequest.objects.filter(person=about.person).order_by("id")
    return rows + [
        _said(
            _("Request to extend or shorten"),
            one.number,
            one.get_kind_display(),
            one.get_status_display(),
            about.veil.text(one.reason),
        )
        for one in asked
    ]


def circumstances(about: About) -> list[str]:
    """What is stated, from whom, since when."""
    return [
        _said(row.get_kind_display(), row, _days(row.during), row.source)
        for row in _rows(Circumstance, about, "kind", "during")
    ]


def screenings(about: About) -> list[str]:
    """Instrument, score, day; the answers were never kept."""
    return [
        _said(row.get_instrument_display(), _("score %(n)s") % {"n": row.score}, fullday(row.observed_on))
        for row in _rows(Screening, about, "observed_on")
    ]


def consents(about: About) -> list[str]:
    """What may be shared with whom, and what was withdrawn."""
    lines = []
    for row in _rows(Consent, about, "during").select_related("recipient"):
        items = ", ".join(str(ITEMS.get(item, item)) for item in row.items)
        gone = _("withdrawn on %(day)s") % {"day": fullday(row.withdrawn_on)} if row.withdrawn_on else ""
        lines.append(_said(row.purpose, row.recipient, items, _days(row.during), gone))
    return lines


def requests(about: About) -> list[str]:
    """Requests about the own data, what is stopped, the words that stand beside an entry."""
    made = DataRequest.objects.filter(person=about.person).order_by("id")
    lines = [
        _said(one.number, one.get_kind_display(), fullday(one.received_on), one.get_status_display()) for one in made
    ]
    for row in _rows(Restriction, about):
        lines.append(_said(_("Use of data stopped"), *(Scope(one).label for one in row.scopes), _days(row.during)))
    words = CorrectionStatement.objects.filter(person=about.person).order_by("id")
    return lines + [_said(_("Your words beside an entry"), about.veil.text(one.text)) for one in words]


def others(about: About) -> list[str]:
    """Applications for benefits, where the person was found to be, and that a local government reports."""
    steps = list(_rows(EntitlementStep, about, "stated_on"))
    versions = EntitlementVersion.objects.filter(entitlement__in=[one.entitlement_id for one in steps]).order_by("id")
    names = {one.entitlement_id: one.name for one in versions}
    lines = [
        _said(
            _("Benefit"),
            names.get(one.entitlement_id, ""),
            one.get_state_display(),
            fullday(one.stated_on),
            num(one.amount_krw) if one.amount_krw else "",
        )
        for one in steps
    ]
    for row in _rows(Whereabouts, about, "observed_on"):
        place = "" if about.protected else row.place
        lines.append(_said(_("Found"), row.get_where_display(), place, fullday(row.observed_on)))
    # The answers are the local government's, and are asked for there.
    answers = _rows(SettlementAnswer, about, "half_begins").select_related("agency")
    halves = dict.fromkeys((str(one.agency), fullday(one.half_begins)) for one in answers)
    said = _("Half-yearly report of a local government; what it says is told there")
    return lines + [_said(said, *half) for half in halves]

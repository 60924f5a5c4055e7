"""Roles that describe themselves, and the words of permission they carry (design §6).

A grant is a dated row; a predicate asks the database for grants and never asks a user object for its role.
"""

from enum import StrEnum

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class May(StrEnum):
    """The words of permission."""

    SEE_CASELOAD = "see_caseload"
    SEE_CENTRE = "see_centre"
    SEE_SHARED = "see_shared"
    SEE_REGISTER = "see_register"
    SEE_FIGURES = "see_figures"
    SEE_LOGS = "see_logs"
    SET_CRITERIA = "set_criteria"
    DECIDE_PROTECTION = "decide_protection"
    KEEP_ENTITLEMENTS = "keep_entitlements"
    READ_COUNSELLING = "read_counselling"
    RECORD_CONTACT = "record_contact"
    INTAKE = "intake"
    ASSIGN = "assign"
    REVIEW = "review"
    REFER = "refer"
    ASK_FOR = "ask_for"
    RECEIVE = "receive"
    IMPORT = "import"
    INQUIRE = "inquire"
    SURVEY = "survey"
    ADMINISTER = "administer"


class Role:
    """One role: its code, its names, what it may do, in words that the user page and the docs show."""

    code: str
    label: object
    explanation: object
    words: frozenset


class CaseManager(Role):
    code = "case_manager"
    label = _("Case manager")
    explanation = _("Sees the households assigned to them, including as a substitute, and what is shared with them.")
    words = frozenset({May.SEE_CASELOAD, May.SEE_SHARED, May.RECORD_CONTACT, May.INTAKE, May.REFER})


class Counsellor(Role):
    code = "counsellor"
    label = _("Professional counsellor")
    explanation = _("Sees the households assigned to them and the counselling notes of those households.")
    words = frozenset({May.SEE_CASELOAD, May.SEE_SHARED, May.READ_COUNSELLING, May.RECORD_CONTACT, May.REFER})


class Supervisor(Role):
    code = "supervisor"
    label = _("Supervisor")
    explanation = _("Sees every household of the centre, reviews the at-risk list and assigns the work.")
    words = frozenset(
        {
            May.SEE_CENTRE,
            May.SEE_CASELOAD,
            May.SEE_SHARED,
            May.RECORD_CONTACT,
            May.INTAKE,
            May.ASSIGN,
            May.REVIEW,
            May.REFER,
            May.RECEIVE,
            May.IMPORT,
            May.INQUIRE,
        }
    )


class CentreHead(Role):
    code = "centre_head"
    label = _("Head of the centre")
    explanation = _("Sees every household and the figures of the centre, and is told of every Emergency.")
    words = Supervisor.words | {May.SEE_FIGURES, May.SURVEY}


class FoundationOfficer(Role):
    code = "foundation_officer"
    label = _("Foundation officer")
    explanation = _(
        "Sees figures of five or more, case numbers, and by name only what is shared or referred to them; "
        "asks the centre for help for people whose file is shared."
    )
    words = frozenset({May.SEE_FIGURES, May.SEE_SHARED, May.RECEIVE, May.ASK_FOR})


class MinistryOfficer(Role):
    code = "ministry_officer"
    label = _("Ministry officer")
    explanation = _(
        "Sees figures of five or more, case numbers, and by name only whose protection is about to end or is asked to "
        "change, or what is shared. Asks the centre for help for people whose file is shared. Prepares and decides on "
        "protection, and changes the risk criteria and the entitlements, never both steps of one matter."
    )
    words = frozenset(
        {
            May.SEE_FIGURES,
            May.SEE_SHARED,
            May.RECEIVE,
            May.ASK_FOR,
            May.SET_CRITERIA,
            May.SURVEY,
            May.DECIDE_PROTECTION,
            May.KEEP_ENTITLEMENTS,
        }
    )


class ResidenceOfficer(Role):
    code = "residence_officer"
    label = _("Residence-protection officer")
    explanation = _(
        "Sees the people under residence protection in the district by name, town, period and centre, "
        "and what is sent or shared to them; no notes, signals or scores. "
        "Asks the centre and other agencies for help for these people."
    )
    words = frozenset({May.SEE_REGISTER, May.SEE_SHARED, May.RECEIVE, May.ASK_FOR})


class TownWorker(Role):
    code = "town_worker"
    label = _("Town welfare worker")
    explanation = _("Sees only the referrals addressed to the town office.")
    words = frozenset({May.RECEIVE})


class ReceivingWorker(Role):
    code = "receiving_worker"
    label = _("Receiving worker")
    explanation = _("Sees only the referrals addressed to the agency: job centre, education or mental health.")
    words = frozenset({May.RECEIVE})


class PrivacyAuditor(Role):
    code = "privacy_auditor"
    label = _("Privacy auditor")
    explanation = _("Sees who looked at what and why, and no content of any case.")
    words = frozenset({May.SEE_LOGS})


class SystemAdministrator(Role):
    code = "system_administrator"
    label = _("System administrator")
    explanation = _("Keeps users, agencies and reference data, and sees no content of any case.")
    words = frozenset({May.ADMINISTER})


class AgencySystem(Role):
    code = "agency_system"
    label = _("System of an agency")
    explanation = _(
        "Acts for the agency through the interface, within the scopes of its token: sends and receives its referrals "
        "and brings its signals. It cannot log in, decides nothing and opens no file."
    )
    words = frozenset({May.SEE_CENTRE, May.REFER, May.RECEIVE, May.IMPORT})


ROLES = {
    role.code: role
    for role in (
        CaseManager,
        Counsellor,
        Supervisor,
        CentreHead,
        FoundationOfficer,
        MinistryOfficer,
        ResidenceOfficer,
        TownWorker,
        ReceivingWorker,
        PrivacyAuditor,
        SystemAdministrator,
        AgencySystem,
    )
}
AGENCY_SYSTEM = AgencySystem.code
CHOICES = [(code, role.label) for code, role in ROLES.items()]


def carrying(word):
    """Return the codes of the roles that carry `word`."""
    return [code for code, role in ROLES.items() if word in role.words]


def granted(word, user):
    """Return a subquery of the user's id: one row if a grant in force carries `word`, else none.

    Put into a predicate (`worker__in=granted(...)`), so that a revoked grant stops at once.
    """
    from casework.agencies.models import RoleGrant

    return RoleGrant.objects.filter(user=user.pk, role__in=carrying(word), during__contains=Now()).values("user")


def agency_of(user):
    """Return the user's agency as a scalar subquery, for a predicate.

    Joined through the agencies instead, the planner takes all of them for centres and guesses a tenth of the rows.
    """
    from casework.agencies.models import User

    return Subquery(User.objects.filter(pk=user.pk).order_by().values("agency"))


def can(user, word):
    """Tell whether a grant in force carries `word`; asked once a request and kept on the user object."""
    return word in words_of(user)


def words_of(user):
    """Return the set of words that the user's grants in force carry; one query a request."""
    if not hasattr(user, "_words"):  # not __dict__: request.user is a lazy wrapper with a dict of its own
        from casework.agencies.models import RoleGrant

        codes = (
            RoleGrant.objects.filter(user=user.pk, during__contains=Now()).order_by("id").values_list("role", flat=True)
        )
        user._role_codes = list(codes)
        user._words = frozenset().union(*(ROLES[code].words for code in user._role_codes))
    return user._words


def roles_of(user):
    """Return the user's Role classes in force, in the order they were granted."""
    words_of(user)
    return [ROLES[code] for code in user._role_codes]


def holders(word):
    """Return an Exists() that a User row (outer) holds `word` now."""
    from casework.agencies.models import RoleGrant

    return Exists(RoleGrant.objects.filter(user=OuterRef("pk"), role__in=carrying(word), during__contains=Now()))

"""The verbs of a survey: plan it, freeze whom it is about, record what a household answers or that nobody was met."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.facts import supersede
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households import actions
from households.actions.refusal import Refused, constraint_of
from households.actions.stated import landed_version
from households.actions.verb import lock, verb
from households.models.data_request import Scope
from households.requests.restricting import homes_of_restricted
from risk.campaigns.population import Criteria, named
from risk.campaigns.states import CAMPAIGN, CampaignStatus, reach_of
from risk.models import Campaign, CampaignAnswer, CampaignHousehold

# In scope is whoever neither lives on the livelihood or medical benefit nor has somebody with a regular job: so the
# Ministry went from 15,676 to 3,052 households in 2019.
FREEZE = """
    WITH chosen AS MATERIALIZED (__POPULATION__),
    stated AS MATERIALIZED (
        SELECT member.household_id, said.kind
        FROM households_circumstance said
        JOIN households_membership member ON member.person_id = said.person_id AND member.superseded_at IS NULL
            AND member.during @> %s::date
        WHERE said.superseded_at IS NULL AND said.during @> %s::date AND (
            (said.kind = 'benefit' AND said.detail IN ('livelihood', 'medical') AND said.value = 'receiving')
            OR (said.kind = 'employment' AND said.value = 'employed')
        )
    ),
    out AS (
        SELECT household_id, CASE WHEN bool_or(kind = 'benefit') THEN 'benefit' ELSE 'job' END AS reason
        FROM stated GROUP BY household_id
        UNION ALL
        SELECT household_id, 'empty' FROM chosen WHERE NOT EXISTS (
            SELECT FROM households_membership member WHERE member.household_id = chosen.household_id
                AND member.superseded_at IS NULL AND member.during @> %s::date
        )
    ),
    asked AS (
        INSERT INTO risk_campaignhousehold (campaign_id, household_id, center_id, band, in_scope, out_reason)
        SELECT %s, chosen.household_id, duty.center_id, chosen.shown_band, out.reason IS NULL, COALESCE(out.reason, '')
        FROM chosen
        LEFT JOIN out ON out.household_id = chosen.household_id
        LEFT JOIN households_responsibility duty ON duty.household_id = chosen.household_id
            AND duty.superseded_at IS NULL AND duty.during @> %s::date
        ON CONFLICT (campaign_id, household_id) DO NOTHING
        RETURNING out_reason
    )
    SELECT count(*) FILTER (WHERE out_reason <> 'empty'), count(*) FILTER (WHERE out_reason = 'empty') FROM asked
"""


def check_can_open(user):
    """Raise PermissionDenied unless the user opens surveys: the Ministry of everybody, a head of the own centre."""
    if not can(user, May.SURVEY):
        raise PermissionDenied(_("Surveys are opened by the Ministry, and by the head of a centre for the centre."))


@transaction.atomic
def plan(*, name, purpose, criteria, reply_by, by, on, client_key):
    """Keep a survey as a draft and return it; the same key lands once.

    Raises PermissionDenied, or Refused for a last day that lies before the day `on`.
    """
    check_can_open(by)
    if first := landed(Campaign.objects, by=by, client_key=client_key):
        return first
    if reply_by < on:
        raise Refused(_("The last day lies in the past."), field="reply_by")
    made = Campaign(
        name=name.strip(),
        purpose=purpose.strip(),
        criteria=criteria.as_saved(),
        reply_by=reply_by,
        agency_id=reach_of(by),
        recorded_by=by,
        client_key=client_key,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        if constraint_of(error) != "campaign_landed_once":
            raise
        return Campaign.objects.get(recorded_by=by, client_key=client_key)
    record("survey planned", made, by=by, data={"criteria": made.criteria})
    return made


@transaction.atomic
def freeze(campaign, *, by, now, on):
    """Freeze the population of the draft and begin: one statement; return the survey.

    Twice is once. An empty population is refused, and so is a last day that has passed meanwhile.
    """
    fresh = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    _check(fresh, "freeze", by)
    if fresh.reply_by < on:
        raise Refused(_("The last day lies in the past."))
    found, emptied = _fill(fresh, on)
    if not found:
        raise Refused(_("No household fits this filter, so there is nobody to ask."))
    data = {"households": found, "emptied": emptied}
    return CAMPAIGN.perform(fresh, "freeze", by=by, data=data, frozen_on=on, frozen_at=now, population=found)


def _fill(campaign, on):
    """Write who is asked; return how many households there are, and how many more in which nobody lives any more."""
    rows = named(Criteria.of(campaign.criteria), agency=campaign.agency_id, on=on)
    chosen, params = rows.values("household_id", "shown_band").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        # The statement is put together of our own SQL and of what the ORM wrote; values are parameters.
        cursor.execute(FREEZE.replace("__POPULATION__", chosen), [*params, on, on, on, campaign.pk, on])
        return cursor.fetchone()


@transaction.atomic
def close(campaign, *, by, now):
    """End the asking; the numbers stand and go on being counted from the rows."""
    _check(campaign, "close", by)
    return CAMPAIGN.perform(campaign, "close", by=by, closed_at=now)


@transaction.atomic
def discard(campaign, *, by):
    """Throw a draft away; it stays in the log."""
    _check(campaign, "discard", by)
    return CAMPAIGN.perform(campaign, "discard", by=by)


def _check(campaign, step, by):
    try:
        CAMPAIGN.check(campaign, step, by)
    except NotYours as error:
        raise PermissionDenied(_("This survey is changed by those who open surveys of its reach.")) from error
    except NotNow as error:
        raise Refused(_("The survey has gone on meanwhile. Please look again.")) from error


@verb
def answer(campaign, household, *, people, entry, needs, in_crisis, services, by, client_key):
    """Record a contact and what the household answered in it; return the CampaignAnswer. The same key lands once.

    `entry`: columns of Contact. Raises Refused when the household is not asked or has answered already.
    """
    check_is_asked(campaign, household)
    lock(household)
    if first := landed_version(CampaignAnswer, by, client_key):
        return first
    if CampaignAnswer.objects.current().filter(campaign=campaign, household=household).exists():
        raise Refused(_("This household has answered already."))
    contact = actions.log_contact(household, people=people, by=by, client_key=client_key, **entry)
    made = CampaignAnswer.objects.create(
        campaign=campaign,
        household=household,
        contact_fact_id=contact.fact_id,
        needs=needs,
        in_crisis=in_crisis,
        services=services,
        recorded_by=by,
        client_key=client_key,
    )
    record("survey answered", made, by=by, data={"campaign": campaign.pk, "in_crisis": in_crisis})
    return made


@verb
def correct_answer(given, *, needs, in_crisis, services, by):
    """Append a version of an answer, which counts from now on; the one before stays on record. Return what stands.

    The same answers change nothing. Raises Refused once the survey is closed, and when somebody corrected the answer
    since `given` was read.
    """
    check_is_asked(given.campaign, given.household)
    lock(given.household)
    current = CampaignAnswer.objects.current().get(fact_id=given.fact_id)
    said = {"needs": needs, "in_crisis": in_crisis, "services": services}
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    if current.pk != given.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    made = supersede(current, by=by, **said)
    record("survey answer corrected", made, by=by, data={"campaign": made.campaign_id, "in_crisis": in_crisis})
    return made


@verb
def tried(campaign, household, *, entry, by, client_key):
    """Record that nobody was met: an attempt like any other, which the steps of contact go on from."""
    check_is_asked(campaign, household)
    return actions.log_contact(household, people=(), by=by, client_key=client_key, **entry)


def check_is_asked(campaign, household):
    """Raise Refused unless the survey runs and the household is to be asked in it."""
    if campaign.status != CampaignStatus.RUNNING:
        raise Refused(_("This survey is not running."))
    if not CampaignHousehold.objects.filter(campaign=campaign, household=household, in_scope=True).exists():
        raise Refused(_("This household is not asked in the survey."))
    if homes_of_restricted(Scope.SURVEYS).filter(household=household).exists():
        raise Refused(_("Somebody in this household had the use of their data for surveys stopped."))

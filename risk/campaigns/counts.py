"""How a survey stands, counted from its rows: nothing of this is kept anywhere."""

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from households.models import Contact
from households.models.data_request import Scope
from households.requests.restricting import homes_of_restricted, stopped_people
from risk.models import Campaign, CampaignAnswer, CampaignHousehold
from risk.models.campaign import Helper

STEPS = ("population", "in_scope", "checked", "in_crisis", "served")
"""The steps of the published funnel of 2019; each is a part of the one before."""

COUNTED = """
    SELECT asked.center_id AS key, count(*) FILTER (WHERE asked.out_reason <> 'empty') AS population,
        count(*) FILTER (WHERE asked.out_reason = 'empty') AS emptied,
        count(*) FILTER (WHERE asked.in_scope) AS in_scope,
        count(answer.id) AS checked,
        count(*) FILTER (WHERE answer.in_crisis) AS in_crisis,
        count(*) FILTER (WHERE answer.in_crisis AND cardinality(answer.services) > 0) AS served,
        __HELPERS__,
        count(*) FILTER (WHERE asked.in_scope AND answer.id IS NULL) AS waiting
    FROM risk_campaignhousehold asked
    LEFT JOIN risk_campaignanswer answer ON answer.campaign_id = asked.campaign_id
        AND answer.household_id = asked.household_id AND answer.superseded_at IS NULL
    WHERE asked.campaign_id = %s AND (%s::bigint IS NULL OR asked.center_id = %s)
    GROUP BY asked.center_id ORDER BY asked.center_id
"""
_HELPERS = ", ".join(f"count(*) FILTER (WHERE '{code}' = ANY(answer.services)) AS {code}" for code in Helper.values)


# Whether `base.household_id` of the question around it is still to be asked in a survey that runs, for lists in SQL.
TO_ASK = """EXISTS (SELECT FROM risk_campaignhousehold asked
    JOIN risk_campaign campaign ON campaign.id = asked.campaign_id AND campaign.status = 'running'
    WHERE asked.household_id = base.household_id AND asked.in_scope AND NOT EXISTS (
        SELECT FROM risk_campaignanswer answer WHERE answer.campaign_id = asked.campaign_id
            AND answer.household_id = asked.household_id AND answer.superseded_at IS NULL)
    AND NOT EXISTS (SELECT FROM households_closing closing
        JOIN households_responsibility answers ON answers.household_id = closing.household_id
            AND answers.center_id = closing.centre_id AND answers.superseded_at IS NULL
            AND answers.during @> CURRENT_DATE
        WHERE closing.household_id = asked.household_id AND closing.status = 'approved'
            AND closing.reason <> 'transferred')
    AND NOT EXISTS (SELECT FROM households_membership lives
        WHERE lives.household_id = asked.household_id AND lives.superseded_at IS NULL AND lives.kind = 'living'
            AND lives.during @> CURRENT_DATE AND lives.person_id = ANY(__STOPPED__)))""".replace(
    "__STOPPED__", stopped_people(Scope.SURVEYS)
)


def counts_by_centre(campaign, *, center=None):
    """Return one row per centre at the freeze; one query.

    `key` (None where no centre answered), STEPS, `waiting`, `emptied` (nobody lives there any more: no part of the
    population), and by the code of each Helper the households for whom its help was arranged.
    `center`: an id, to count one centre only. Whoever shows them to those who see figures suppresses what is small.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.replace("__HELPERS__", _HELPERS), [campaign.pk, center, center])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def to_ask(campaign, user):
    """Return the households of the survey that the user may see and that have not answered, the highest band first,
    without those in which somebody has had the use for surveys stopped since;
    `attempts` is how often somebody tried since that day."""
    rows = CampaignHousehold.objects.visible_to(user).filter(campaign=campaign).unanswered()
    rows = rows.exclude(household__in=homes_of_restricted(Scope.SURVEYS))
    tried = Contact.objects.current().filter(
        household=OuterRef("household"), contact_made=False, occurred_at__gte=OuterRef("campaign__frozen_on")
    )
    number = tried.order_by().values("household").annotate(n=Count("pk")).values("n")
    attempts = Coalesce(Subquery(number), 0, output_field=IntegerField())
    return rows.select_related("household").annotate(attempts=attempts).order_by("-band", "household_id")


def answered(campaign, user):
    """Return the households of the survey that the user may see and that have answered, the latest answer first;
    `answered_at` is since when the answer that counts is known."""
    rows = CampaignHousehold.objects.visible_to(user).filter(campaign=campaign).answered()
    given = CampaignAnswer.objects.current().filter(campaign=campaign, household=OuterRef("household"))
    at = Subquery(given.values("known_at")[:1])
    return rows.select_related("household").annotate(answered_at=at).order_by("-answered_at", "household_id")


def asking_of(household, user):
    """Return the running surveys in which the household is still to be asked, those with the nearest last day first."""
    asked = CampaignHousehold.objects.filter(household=household).unanswered()
    asked = asked.exclude(household__in=homes_of_restricted(Scope.SURVEYS)).values("campaign")
    return Campaign.objects.visible_to(user).running().filter(pk__in=asked).order_by("reply_by", "id")

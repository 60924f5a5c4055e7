"""A survey of everybody at High or above, some days old: whoever was spoken with since has mostly answered."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from casework.agencies.models import User
from casework.clock import day_begins
from households.models import Contact
from risk.bands import Band
from risk.campaigns import deeds
from risk.campaigns.population import Criteria
from risk.models import Campaign, CampaignAnswer, CampaignHousehold
from risk.models.campaign import Helper, Need

RUNS, LEFT = timedelta(days=12), timedelta(days=16)
ANSWERED, IN_CRISIS, HELPED = 0.8, 0.3, 0.8
NAME = "하반기 위기가구 전수조사"
PURPOSE = "위험도가 높은 가구를 빠짐없이 만나 필요한 도움을 확인하고 연결합니다."


def begin(*, on: date, seed: int) -> int:
    """Open the survey and write the answers given so far; return how many. The households are judged already."""
    random = Random(f"survey {seed}")  # noqa: S311  (not for secrets)
    by, first = User.objects.get(username="ministry"), on - RUNS
    draft = deeds.plan(
        name=NAME,
        purpose=PURPOSE,
        criteria=Criteria(bands=(Band.HIGH.value, Band.EMERGENCY.value)),
        reply_by=on + LEFT,
        by=by,
        on=first,
        client_key=_key(random),
    )
    survey = deeds.freeze(draft, by=by, now=day_begins(first) + timedelta(hours=9), on=first)
    asked = CampaignHousehold.objects.filter(campaign=survey, in_scope=True)
    bands = dict(asked.order_by().values_list("household", "band"))
    talks = Contact.objects.current().filter(occurred_at__gte=day_begins(first), contact_made=True)
    talks = talks.filter(household__in=list(bands), channel__in=("phone", "visit"))
    spoken = talks.order_by("household_id", "occurred_at", "id").distinct("household_id")
    given = [_answer(survey, talk, bands[talk.household_id], random) for talk in spoken if random.random() < ANSWERED]
    return len(CampaignAnswer.objects.bulk_create(given))


def _answer(survey: Campaign, talk: Contact, band: int, random: Random) -> CampaignAnswer:
    in_crisis = band == Band.EMERGENCY or random.random() < IN_CRISIS
    helped = in_crisis and random.random() < HELPED
    return CampaignAnswer(
        campaign=survey,
        household_id=talk.household_id,
        contact_fact_id=talk.fact_id,
        needs=sorted(random.sample(Need.values, random.randint(1, 3) if in_crisis else random.randint(0, 2))),
        in_crisis=in_crisis,
        services=sorted(random.sample(Helper.values, random.randint(1, 2))) if helped else [],
        known_at=talk.known_at,
        recorded_by_id=talk.recorded_by_id,
        client_key=_key(random),
    )


def _key(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)

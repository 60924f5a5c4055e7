"""Why a household stands where it stands, and why not elsewhere: computed as of a day, written nowhere."""

from datetime import date
from json import loads

from django.db import connection

from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, read_number
from households.models import Household, Membership, Person
from risk.bands import Band
from risk.judge import in_force
from risk.sentences import basis, in_both
from risk.sweeps import judged, one_snapshot


class NotFound(Exception):
    """No household is known by this reference or number."""


def find_household(reference, as_of):
    """Return the Household meant by a household reference, a household number or a case number.

    Numbers are taken with and without dashes, in capitals or not; references of a register only as they are written.
    A person stands for the household lived in on the day asked about. Raises NotFound.
    """
    found = _written(Household, reference, number=read_number(reference, HOUSEHOLD_GROUPS))
    if found is None:
        person = _written(Person, reference, case_number=read_number(reference, PERSON_GROUPS))
        lives = Membership.objects.known_by(as_of.known_by).during(as_of.on).filter(person=person, kind="living")
        member = lives.select_related("household").order_by("id").first() if person else None
        found = member.household if member else None
    if found is None:
        raise NotFound(reference)
    return found


def _written(model, reference, **number):
    """Return the row by the register's reference, else by our own number, or None."""
    found = model.objects.filter(register_ref=reference).first()
    return found or (model.objects.filter(**number).first() if all(number.values()) else None)


def explain(household, as_of, *, live=False):
    """Return the object of `manage.py explain --json`.

    `weight` is points after the group's cap; `band` is the machine's, `decided_band` the human's while it holds;
    `quiet` are the criteria that did not fire, with the nearest threshold and what is unknown.
    """
    with one_snapshot(live=False):
        facts, rules = judged(as_of, households=[household.pk], live=live)
        row = _row(household.pk)
        fired = {hit["rule"] for hit in row["hits"]}
        quiet = [_quiet(standing.rule, facts) for standing in rules if standing.rule.code not in fired]
    return {
        "household": household.register_ref or household.number,
        "on": as_of.on.isoformat(),
        "known_by": as_of.known_by.isoformat(),
        "band": Band(row["band"]).code,
        "decided_band": Band(row["decided_band"]).code if row["decided_band"] else None,
        "score": row["score"],
        "flags": [_flag(hit, as_of.on) for hit in row["hits"]],
        "quiet": quiet,
    }


def band_as_of(household, as_of):
    """Return the Band of the machine as of a day and a knowledge, without the reasons; written nowhere."""
    with one_snapshot(live=False):
        judged(as_of, households=[household.pk])
        return Band(_row(household.pk)["band"])


def _row(household_id):
    """Return the judgement; a household in which nobody lives on that day is General with no reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT band, score, decided_band, hits::text FROM sweep_shown WHERE household_id = %s", [household_id]
        )
        found = cursor.fetchone()
    if found is None:
        return {"band": Band.GENERAL, "score": 0, "decided_band": None, "hits": []}
    band, score, decided, hits = found
    return {"band": band, "score": score, "decided_band": decided, "hits": loads(hits)}


def _flag(hit, on):
    since, evidence = date.fromisoformat(hit["since"]), hit["evidence"]
    return {
        "rule": hit["rule"],
        "since": hit["since"],
        "weight": hit["points"],
        "evidence": evidence,
        "basis": basis(hit["rule"], evidence),
        "sentence": in_both(hit["rule"], evidence, since, on),
        "list_sentence": in_both(hit["rule"], evidence, since, on, kind="list"),
    }


def _quiet(rule, facts):
    nearest, unknown = rule.quiet(facts)
    return {"rule": rule.code, "nearest": nearest, "unknown": unknown}


def criteria_on(on):
    """Return (Criteria, [Rule]) with the numbers in force on a day, for the page that shows the criteria."""
    criteria, rules = in_force(on)
    return criteria, [standing.rule for standing in rules]

"""Everything that points at a person says how it follows a link of two records: what a merge would forget.

A linked record is not moved anywhere (docs/adr/0025). So each foreign key to Person is named here, with what is so
while the record is linked: its rows are read as of the person whose record is kept, or they stay, and why.
"""

import pytest
from django.apps import apps

from households.models import Person
from risk.facts import linked

READ = "read through the link"
STAYS = "stays with its record"
HOW = {
    # What a sweep gathers, so that flags, limits and calls count once, at the kept record.
    "households.Circumstance.person": (READ, "what is stated of either is true of the person"),
    "households.ContactPreference.person": (READ, "the latest wish counts, under whichever record it was said"),
    "households.EndNotice.person": (READ, "a letter that came back says so of the home it was sent to"),
    "households.EndStep.person": (READ, "steps before a last day are done once, for the person"),
    "households.EntitlementStep.person": (READ, "applied for under either, it is applied for"),
    "households.ExtensionRequest.person": (READ, "asked for under either, it is asked for"),
    "households.Membership.person": (READ, "lived there until the day asked about; from then on at the kept home"),
    "households.Participant.person": (READ, "spoken with under either, the person was spoken with"),
    "households.ProtectionPeriod.person": (READ, "only where the kept record has none: two periods are two decisions"),
    "households.Screening.person": (READ, "the latest of either counts"),
    "households.Whereabouts.person": (READ, "found under either, the person was found"),
    "risk.Signal.person": (READ, "feeds go on naming either; the same signal of both counts once"),
    # What is made of the facts, or asked for.
    "risk.Flag.person": (STAYS, "made of facts: cleared at the second home, raised at the kept one by the next sweep"),
    "referrals.Referral.person": (
        STAYS,
        "it was sent so; its clocks count at the kept home, pages list it beside both",
    ),
    "referrals.DesiredOutcome.person": (STAYS, "belongs to its referral and is read with it"),
    "risk.Incident.person": (STAYS, "written down once for the inquiry, as it was then known"),
    # What says who the person is: the two are compared by it, and it is put right by hand.
    "households.PersonName.person": (STAYS, "shown side by side; both names go on finding the person"),
    "households.NameKey.person": (STAYS, "made of the names of its record, so that either is found"),
    "households.Particulars.person": (STAYS, "one set counts: that of the kept record; differences are shown"),
    "households.Hometown.person": (STAYS, "compared side by side, and a reason for or against a link"),
    "households.Residence.person": (STAYS, "one status counts: that of the kept record"),
    "households.Phone.person": (STAYS, "a number is rung from the record it stands on"),
    # Decisions and papers about one record.
    "households.ProtectionDecision.person": (STAYS, "a decision of the Ministry names its record"),
    "households.PersonalProtectionPeriod.person": (STAYS, "a decision on this record; no rule reads it"),
    "households.PersonalProtection.person": (STAYS, "whether an officer answers was asked of this record"),
    "households.Consent.person": (STAYS, "was given for the file it names, and opens no other"),
    "households.SettlementLine.person": (STAYS, "what was reported stays as it was sent"),
    "households.SettlementAnswer.person": (STAYS, "what an office found out for its report names its record"),
    "households.ConflictOfInterest.person": (
        STAYS,
        "bars from the homes of both: conflict.barred_from",
    ),
    # The work with one record: papers and plans that name it, read on its own page.
    "households.HandoverPerson.person": (STAYS, "the move-in made this record"),
    "households.CourseRecord.person": (STAYS, "was attended under this record; pages list it there"),
    "households.NeedsAssessment.person": (STAYS, "a paper about this record, with its words of that day"),
    "households.ServicePlan.person": (STAYS, "the plan that this client agreed to"),
    "households.PlanSignature.person": (STAYS, "signed under this record"),
    "households.Job.person": (STAYS, "counted once, under the record on which it was written down; no rule reads it"),
    "households.Schooling.person": (STAYS, "counted once, under the record on which it was written down"),
    "households.Treatment.person": (STAYS, "counted once, under the record on which it was written down"),
    "households.DataRequest.person": (STAYS, "was asked about the record it names"),
    "households.CorrectionStatement.person": (STAYS, "stands beside an entry of this record"),
    "households.Restriction.person": (READ, "stopped under either, the rules stop for the person"),
    "households.DeathReview.person": (STAYS, "the review of a death names its record"),
    # The links themselves.
    "households.PersonLink.person": (STAYS, "the link"),
    "households.PersonLink.duplicate": (STAYS, "the link"),
    "households.PersonsApart.one": (STAYS, "a judgement on these two records"),
    "households.PersonsApart.two": (STAYS, "a judgement on these two records"),
}


def leading_to_a_person():
    """Return every foreign key to Person of every model of every app, but those of histories, which copy a row."""
    return {
        f"{model._meta.label}.{field.name}": model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not hasattr(model, "pgh_tracked_model")
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model is Person
    }


def test_every_foreign_key_to_a_person_says_how_it_follows_a_link():
    found = leading_to_a_person().keys()
    missing = sorted(found - HOW.keys())
    assert not missing, f"say in HOW how these follow a link of two records, and why: {missing}"
    assert sorted(HOW.keys() - found) == [], "no such foreign key any more"


@pytest.mark.parametrize("key", [key for key, (how, _why) in HOW.items() if how == READ])
def test_what_is_read_through_the_link_is_covered_while_a_sweep_gathers(key):
    model = leading_to_a_person()[key]
    assert model in linked.covered_models(), f"{key} is said to be read through the link: add it to risk.facts.linked"


def test_what_is_covered_is_said_to_be_read_through_the_link():
    read = {leading_to_a_person()[key] for key, (how, _why) in HOW.items() if how == READ}
    assert set(linked.covered_models()) - set(linked.OF_HOME) == read


def test_each_says_why():
    assert all(why and how in (READ, STAYS) for how, why in HOW.values())

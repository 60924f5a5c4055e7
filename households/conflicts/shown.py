"""Conflicts of interest as pages show them: one's own, and to who leads a centre those of its people."""

from casework.agencies.roles import May, can
from households.actions.rights import allowed
from households.conflicts.actions import check_may_end
from households.members import called_on
from households.models import Assignment, ConflictOfInterest, Household
from households.models.circle import TODAY
from households.models.conflict import barred_pairs


def lists_of(user, on):
    """Return {"own", "ours", "left", "subjects"}: one's own conflicts by case number, those of the centre with names,
    and the assignments that stand in spite of one; seven queries whatever their number."""
    seen = ConflictOfInterest.objects.current().visible_to(user).filter(during__isempty=False)
    rows = list(seen.select_related("user", "person").order_by("-during", "-id"))
    own = [row for row in rows if row.user_id == user.pk]
    ours = [row for row in rows if row.user_id != user.pk]
    people = [row.person_id for row in ours]
    names, _hidden = called_on(people, on) if people else ({}, set())
    return {
        "own": [_row(row, row.person.case_number, user, on) for row in own],
        "ours": [_row(row, names.get(row.person_id, row.person.case_number), user, on) for row in ours],
        "left": _still_assigned(user, {row.user_id for row in ours}) if can(user, May.SEE_CENTRE) else [],
        "subjects": [row.person_id for row in rows],
    }


def _row(row, name, user, on):
    over = row.during.upper is not None and row.during.upper <= on
    return {"conflict": row, "name": name, "over": over, "may_end": not over and allowed(check_may_end, user, row)}


def _still_assigned(user, workers):
    """Return the assignments of today that a conflict of interest stands against: somebody moved in later. They open
    nothing; the household is to be given to somebody else."""
    if not workers:
        return []
    kept = Household.objects.kept_by(user).order_by().values("pk")
    rows = Assignment.objects.current().filter(worker__in=workers, during__contains=TODAY, household__in=kept)
    rows = list(rows.select_related("worker", "household").order_by("worker__name", "id"))
    barred = barred_pairs({row.worker_id for row in rows}, {row.household_id for row in rows})
    return [row for row in rows if (row.worker_id, row.household_id) in barred]

"""The record of a conference (회의록): what is frozen when it is closed, read back for the paper."""

from households.models import ConferenceItem


def record_of(conference, materials):
    """Return what `CaseConference.record` keeps; `materials`: {household id: masked lines}. Three queries."""
    there = conference.presences.filter(present=True).select_related("user").order_by("user__name", "id")
    people = [row.user.name for row in there if row.user_id]
    guests = [{"name": row.guest, "agency": row.agency} for row in there if not row.user_id]
    items = conference.items.standing().select_related("household", "brought_by").prefetch_related("decisions__owner")
    return {
        "v": 1,
        "present": people,
        "guests": guests,
        "items": {str(item.household_id): _item(item, materials) for item in items.order_by("place", "id")},
    }


def _item(item: ConferenceItem, materials):
    """What is kept of one household; of one that another centre had taken over, its number alone."""
    material = materials.get(item.household_id, {})
    if material.get("moved"):
        about = {"number": item.household.number, "place": item.place, "why": "", "by": ""}
        return {**about, "material": material, "decisions": []}
    decisions = [one for one in item.decisions.all() if one.taken_back_at is None]
    return {
        "number": item.household.number,
        "place": item.place,
        "why": item.why,
        "by": item.brought_by.name,
        "material": material,
        "decisions": [
            {
                "kind": one.kind,
                "what": one.what,
                "owner": one.owner.name if one.owner else "",
                "due_on": one.due_on.isoformat() if one.due_on else "",
            }
            for one in sorted(decisions, key=lambda one: one.pk)
        ],
    }

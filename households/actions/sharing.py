"""Showing a household to somebody else, and ending it: the exception to who sees what (design §6)."""

from django.contrib.auth.models import Permission
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.audit.record import record
from households.actions.refusal import Refused
from households.actions.verb import lock, verb
from households.conflicts.barring import check_not_barred
from households.models import HouseholdGroupPermission, HouseholdUserPermission, Share
from households.requests.restricting import why_not_shared


@verb
def share(household, to, *, reason, until, now, by, despite=""):
    """Show `household` to `to` (a User or an Agency) from `now` until a moment; return the Share.

    `despite`: why it is shown although a member has had sharing with other agencies stopped ("danger", or the room that
    asked its own ground), kept in the Event. Raises `Refused` for such a restriction, and when nothing would be
    shown: no reason, an end that has passed, an agency without a group.
    """
    if not reason.strip():
        raise Refused(_("Please say why the household is shared."), field="reason")
    if until <= now:
        raise Refused(_("The end of a share lies after its beginning."), field="until")
    lock(household)
    person = isinstance(to, User)
    if person:
        check_not_barred([to], [household], field="user")
    elsewhere = (to.agency_id if person else to.pk) != by.agency_id
    if elsewhere and not despite and (why := why_not_shared(household.pk)):
        raise Refused(why)
    whom = {"to_user": to} if person else {"to_agency": to}
    # the same share once more, for the same reason: what another reason opened ends with that reason
    running = Share.objects.filter(household=household, during__contains=now, shared_by=by, reason=reason, **whom)
    if same := running.filter(during__endswith=until).first():
        return same
    made = Share.objects.create(
        household=household,
        **whom,
        reason=reason,
        during=DateTimeTZRange(now, until),
        shared_by=by,
    )
    _open(made, to, person)
    record(
        "household_shared",
        made,
        by=by,
        reason=reason,
        data={"to": str(to), "until": until.isoformat(), **({"despite": despite} if despite else {})},
    )
    return made


def _open(made, to, person):
    view = Permission.objects.get(content_type__app_label="households", codename="view_household")
    common = {"permission": view, "content_object": made.household, "share": made}
    if person:
        HouseholdUserPermission.objects.create(user=to, **common)
        return
    if to.group_id is None:
        raise Refused(_("This agency has no log-ins: a household cannot be shared with it."), field="to")
    HouseholdGroupPermission.objects.create(group=to.group, **common)


@verb
def share_until(made, until, *, now, by):
    """Let a share that runs end at another moment, earlier or later; return it. What has ended stays ended."""
    made = Share.objects.select_for_update().get(pk=made.pk)
    if made.during.upper <= now or made.during.upper == until:
        return made
    if until <= now:
        raise Refused(_("The end of a share lies after its beginning."), field="until")
    made.during = DateTimeTZRange(made.during.lower, until)
    made.save(update_fields=["during"])
    record("share_moved", made, by=by, data={"until": until.isoformat()})
    return made


@verb
def end_share(made, *, now, by):
    """End a share before its time; whoever saw the household through it stops seeing it with the next query."""
    made = Share.objects.select_for_update().get(pk=made.pk)
    if made.during.upper <= now:
        return made
    made.end(by=by, now=max(now, made.during.lower))
    record("share_ended", made, by=by, data={"until": now.isoformat()})
    return made

"""Setting how one wishes to be told."""

from casework.telling.kinds import kinds
from casework.telling.models import Preference


def set_preference(*, by, mail, quiet_from, quiet_until, days_off, digest):
    """Keep what somebody wishes for themselves; `mail`: the codes of the kinds that come by e-mail as well.

    Mails that were written before go out no earlier than written, and in none of the new quiet hours.
    """
    wishes = {"quiet_from": quiet_from, "quiet_until": quiet_until, "days_off": days_off, "digest": digest}
    said = {code: code in mail for code in kinds()}
    return Preference.objects.update_or_create(user_id=by.pk, defaults={"mail": said, **wishes})[0]

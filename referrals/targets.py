"""What the notices of this floor lead to, and of which numbers somebody may open it (see casework.telling.targets)."""

from referrals.models import Referral, Transfer


def _numbered(model):
    """Return the question for a page about rows by their numbers; a number of something else is passed."""

    def opened(user, labels):
        rows = model.objects.filter(number__in=labels).order_by()
        seen = model.objects.visible_to(user).filter(number__in=labels).order_by()
        return labels - set(rows.values_list("number", flat=True)) | set(seen.values_list("number", flat=True))

    return opened


OPENS = {
    "referrals:alarms": _numbered(Referral),
    "referrals:detail": _numbered(Referral),
    "referrals:ground_reviews": _numbered(Referral),
    "referrals:transfer": _numbered(Transfer),
}

"""R-SHARED-GAP 타기관 관리 중 공백."""

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, Word, days, hit, parse_day, short_date


class SharedGap(Rule):
    """Somebody else is said to look after the household, and no dated word of it has come for long.

    A dated word is a step that another agency took in a referral, or our own talk with the person.
    """

    code, group, weight = "R-SHARED-GAP", "contact", 15
    name = _("Covered by another agency, without a word")
    condition = _(
        "A contact told that another agency looks after the household, and for more than {silent_days} days neither a "
        "step of an agency in a referral nor a talk with the person is on record."
    )
    explanation = _(
        "On {told} it was said that another agency looks after the household. The last dated word of how it stands "
        "came {days} ago (limit: {limit})."
    )
    listed = _("Another agency is said to look after them, and no word has come for {days}.")
    basis = (Basis.own(),)
    silent_days = Parameter(30, 7, 180)

    def hits(self, facts):
        silent = facts.days_ago(self.silent_days)
        covered = facts.tags("covered_elsewhere").open().filter(heard_on__lt=silent)
        return [hit(covered.each().annotate(begun=F("heard_on")), weight=self.weight)]

    def words(self, evidence, since, on):
        told = parse_day(evidence["facts"][-1]["observed"])
        return {"told": Word(short_date(told)), "limit": days(evidence["params"]["silent_days"])}

    def nearest(self, facts):
        row = facts.tags("covered_elsewhere").open().order_by("heard_on").values_list("heard_on", flat=True).first()
        if row is None:
            return gettext("Nobody has said that another agency looks after the household.")
        return gettext("The last dated word came on {day}; the limit is {limit}.").format(
            day=row.isoformat(), limit=days(self.silent_days)
        )

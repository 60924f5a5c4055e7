"""R-CON-GAP 본인 연락 지연."""

from django.db.models import Case, CharField, IntegerField, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, Words, date_words, days, hit, parse_day, short_date


class ContactGap(Rule):
    """The last two-way contact is longer ago than the band and the protection year allow. Judged last, once, from the
    band of the other rules."""

    code, group, weight = "R-CON-GAP", "contact", 10
    last = True
    name = _("Contact with the person overdue")
    condition = _(
        "Days since the last two-way contact above the limit of the band or of the protection year, whichever "
        "is shorter. General and Watch: a task without points. Moderate and above: {weight} points."
    )
    explanation = _("The last contact with the person was {gap} ago, on {contact}; the limit is {limit}.")
    listed = _("The last contact with the person was {gap} ago; the limit is {limit}.")
    variants = {
        "daily": Words(
            _("The person has not been met since the event; an attempt is due every day until then."),
            _("An attempt is due every day until the person is met."),
        ),
        "never": Words(
            _(
                "No contact with the person is on record since {contact}, when the household was registered; by plan "
                "it was due within {limit}."
            ),
            _("No contact with the person is on record."),
        ),
        "declined": Words(
            _(
                "On {contact} the person said that contact is not wanted, and payments are unpaid. "
                "Ask again, carefully."
            ),
            _("The person did not want contact, and payments are unpaid."),
        ),
    }
    basis = (Basis.own(),)
    declined_weight = Parameter(10, 0, 45, "points")

    def hits(self, facts):
        gaps = facts.gaps().filter(due_on__isnull=False)  # of a closed case no contact is owed
        late = gaps.filter(days__gt=0).exclude(declined=True, in_arrears=True)
        weight = Case(
            When(band__gte=Band.MODERATE, then=Value(self.weight)), default=Value(0), output_field=IntegerField()
        )
        variant = Case(
            When(limit_days=0, then=Value("daily")),
            When(contact_on=None, then=Value("never")),
            default=Value(""),
            output_field=CharField(),
        )
        return [
            hit(late, weight=weight, variant=variant),
            hit(
                gaps.filter(Q(declined=True) & Q(in_arrears=True)),
                weight=self.declined_weight,
                variant="declined",
            ),
        ]

    def words(self, evidence, since, on):
        fact = evidence["facts"][0]
        counted = parse_day(fact["observed"])
        return {
            "gap": days((on - counted).days),
            "contact": Word(short_date(counted)),
            "limit": days(fact["limit_days"]),
        }

    def nearest(self, facts):
        gap = facts.gaps().order_by("household_id").first()
        if gap is None:
            return gettext("Nobody to contact.")
        if gap.due_on is None:
            return gettext("The case is closed: no contact is owed.")
        return gettext("The limit of {limit} ends on {day}.").format(
            limit=days(gap.limit_days), day=date_words(gap.due_on)
        )

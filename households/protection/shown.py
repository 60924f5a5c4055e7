"""What the pages show of one person's protection: the words, the bar, decisions, and what still applies."""

from datetime import date

from django.utils.translation import gettext as _

from households.models import PersonalProtectionPeriod, ProtectionDecision, ProtectionPeriod
from households.protection.bar import DAY, days_of, draw, scale_of, words_of
from households.protection.dates import notice_by
from households.protection.standing import endings_of

LAW, PRACTICE, UNKNOWN = "law", "pub", "unknown"


def protection_of(person, *, on):
    """Return everything that stands about a person's protection as of a day; six queries.

    `words`, `bar`, `personal` (a bar, or None), `decision` (of the day), `decisions`, `periods`, `applies` (sentences
    with their source, where the person is not protected) and `ending` (see `standing.Ending`, or None).
    """
    periods = list(_standing(ProtectionPeriod, person).order_by("during"))
    personal = list(_standing(PersonalProtectionPeriod, person).order_by("during"))
    decisions = list(_standing(ProtectionDecision, person).order_by("-during", "-id"))
    ends = ProtectionPeriod.objects.filter(person=person).last_of_runs().order_by("id")
    upper = ends.values_list("during__endswith", flat=True).first()
    ending = endings_of([(person.pk, upper - DAY)], on=on)[0] if upper else None
    decision = next((one for one in decisions if on in one.during), None)
    scale = scale_of(days_of([*periods, *personal]), on)
    return {
        "words": words_of(periods, on),
        "bar": draw(periods, on=on, scale=scale, marks=_marks(ending)),
        "personal": draw(personal, on=on, scale=scale) if personal else None,
        "personal_periods": personal,
        "decision": decision,
        "decisions": decisions,
        "periods": periods,
        "applies": still_applies(decision.decision) if decision else [],
        "ending": ending,
        "years": range(scale.first, scale.last + 1),
        "on": on,
    }


def still_applies(decision):
    """Return (sentence, kind of source, source) on what applies to somebody who is not protected, or whose protection
    is suspended or ended; what the law was not found to say is said as unknown."""
    return {
        ProtectionDecision.Decision.NON_PROTECTED: _refused,
        ProtectionDecision.Decision.SUSPENDED: _suspended,
        ProtectionDecision.Decision.ENDED: _ended,
    }.get(decision, list)()


def _refused():
    act = _("North Korean Refugees Protection and Settlement Support Act, art. 9(4)")
    return [
        (_("The person stays a client of the centre."), PRACTICE, _("Our own criterion")),
        (
            _(
                "The Minister may still give: protection in a facility, recognition of schooling and qualifications, "
                "training, support for farming, the special rules of family registration and divorce, residence "
                "protection, personal protection, the special rule of the pension. To be checked in each case."
            ),
            LAW,
            act,
        ),
        (
            _("Housing is possible only for whoever was refused for applying late (art. 9(1), no. 5)."),
            LAW,
            act,
        ),
        (
            _("The person may apply again when new facts are known (Enforcement Decree, art. 18)."),
            LAW,
            _("Enforcement Decree, art. 18"),
        ),
        (
            _("The Foundation has an emergency living cost for people who are not protected, once. Ask for its terms."),
            PRACTICE,
            _("Korea Hana Foundation"),
        ),
        (_("Whether anything else applies was not found in the law. To be checked."), UNKNOWN, _("not known")),
    ]


def _suspended():
    return [
        (
            _("What goes on during a suspension, and how its days count, was not found in the law. To be checked."),
            UNKNOWN,
            _("not known"),
        )
    ]


def _ended():
    return [
        (_("The person stays a client of the centre."), PRACTICE, _("Our own criterion")),
        (
            _("What applies after protection was ended by decision was not found in the law. To be checked."),
            UNKNOWN,
            _("not known"),
        ),
    ]


def _marks(ending):
    if ending is None:
        return []
    by: date | None = notice_by(ending.last)
    due = [(by, _("Written notice due"))] if by else []
    return due + [(one.sent_on, _("Notice sent")) for one in ending.notices]


def _standing(model, person):
    return model.objects.current().filter(person=person, during__isempty=False)

"""R-RENT-ARR 임대료·관리비 체납."""

from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.arrears import MonthsOfArrears
from risk.rules.base import Basis, Parameter, Word, Words, codes, fading, hit, listing, parse_day, short_date

HOME = {"S05": _("rent"), "S06": _("maintenance fee")}
NOTICES = {"eviction_notice": _("a notice of eviction"), "lease_cancelled": _("a cancelled lease")}


class RentArrears(MonthsOfArrears):
    """Rent or maintenance fee unpaid for three months or more; an eviction notice or cancelled lease makes it High."""

    code, group, weight, floor = "R-RENT-ARR", "arrears", 20, Band.HIGH
    name = _("Rent or maintenance fee unpaid")
    condition = _(
        "Rent or maintenance fee unpaid for {months} months or more, told within {look_back} days. "
        "With a notice of eviction or a cancelled lease: High, {notice_weight} points."
    )
    explanation = _("The {what} has been unpaid for {told} (criterion: {limit} or more).")
    listed = _("The {what} has been unpaid for {told}.")
    variants = {
        "notice": Words(_("A contact on {noticed} learnt of {notice}."), _("There is {notice}.")),
        "both": Words(
            _("The {what} has been unpaid for {told}, and there is {notice}."),
            _("The {what} has been unpaid for {told}, and there is {notice}."),
        ),
    }
    basis = (Basis.statute(_("Social Security Benefits Act, art. 12"), _("Threshold of {n} months"), "months", 3),)
    months = Parameter(3, 1, 24, "months")
    look_back = Parameter(365, 30, 730)
    notice_weight = Parameter(40, 0, 45, "points")
    signals = tuple(HOME)

    def hits(self, facts):
        unpaid = facts.signals(*HOME).within(self.look_back).of_months(self.months)
        notices = facts.tags(*NOTICES).open().within(self.look_back)
        return [
            hit(unpaid.by_household(), weight=fading(self.weight)),
            hit(notices.by_household(), weight=fading(self.notice_weight), floor=Band.HIGH),
        ]

    def sentence(self, evidence, since, on, kind="full"):
        notice = bool(codes(evidence, "contact"))
        variant = ("both" if codes(evidence) else "notice") if notice else ""
        return super().sentence({**evidence, "variant": variant}, since, on, kind)

    def words(self, evidence, since, on):
        unpaid, noticed = codes(evidence), [f for f in evidence["facts"] if f["kind"] == "contact"]
        return {
            **super().words(evidence, since, on),
            "what": listing([name for code, name in HOME.items() if code in unpaid]),
            "notice": listing([name for tag, name in NOTICES.items() if tag in codes(evidence, "contact")]),
            "noticed": Word(short_date(parse_day(noticed[-1]["observed"])) if noticed else ""),
        }

"""The at-risk list as a file: the rows of the page in its words, which are safe beside a name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.exports.kinds import Kind, Line
from casework.templatetags.format import days, fullday
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import order_of, page_of
from desks.atrisk.rows import Gap, row_of
from households.beside import guarded
from households.models import Household
from households.models.data_request import Scope
from households.requests.restricting import homes_of_restricted
from risk.bands import Band


class AtRiskList(Kind):
    """The list of today, narrowed as on the page. A household with a violence marker stands there by its number; one
    that gets the marker after the file was made keeps the file from being taken away. One in which somebody has had
    sharing stopped is left out, and keeps a file that was made before from being taken away."""

    code = "at-risk"
    label = gettext_lazy("Households at risk")

    def allows(self, user: User) -> bool:
        """Those who look after the households, as for the page."""
        return can(user, May.SEE_CASELOAD)

    def narrowed(self, given: Mapping[str, Any], user: User) -> dict[str, Any]:
        """`query`: bands, chip and worker as a query. A past day is not taken away: that is an inquiry."""
        asked = given if isinstance(given, QueryDict) else QueryDict()
        return {"query": replace(Filters.of(asked, user), moment=()).query()}

    def said(self, asked: Mapping[str, Any]) -> str:
        """The bands asked for by name; a chip and a worker as that it is narrowed further."""
        given = parse_qs(asked.get("query", ""))
        words = [str(Band(int(band)).label) for band in given.get("band", ())]
        return ", ".join([*words, _("narrowed")] if given.keys() - {"band"} else words)

    def back(self, asked: Mapping[str, Any]) -> str:
        """The list on screen."""
        return f"{reverse('desks:list')}?{asked.get('query', '')}"

    def header(self) -> list[str]:
        """The columns: what a row of the page says."""
        return [
            _("Case number"),
            _("Household"),
            _("People"),
            _("Town"),
            _("Band"),
            _("Review"),
            _("Main reason"),
            _("Since"),
            _("Contact with the person"),
            _("Worker"),
            _("Open referrals"),
            _("Next step"),
        ]

    def ids(self, user: User, asked: Mapping[str, Any], *, now: datetime) -> list[int]:
        """The households in the order of the page, all of one moment: the ranking moves while a file is made."""
        return order_of(user, _filters(user, asked), now=now)

    def lines(self, user: User, asked: Mapping[str, Any], ids: Sequence[int], *, now: datetime) -> list[Line]:
        """As the page shows them, in one question; one that has left the list meanwhile is left out."""
        rows = Household.objects.visible_to(user).filter(pk__in=ids)
        rows = rows.exclude(pk__in=homes_of_restricted(Scope.SHARING))
        seen = list(rows.order_by("pk").values_list("pk", flat=True))
        if not seen:
            return []
        latin = get_language() == "en"
        page = page_of(user, _filters(user, asked), now=now, size=len(seen), latin=latin, seen=seen)
        found = {row["household_id"]: row for row in page.rows}
        return [_line(found[household], now) for household in ids if household in found]

    def still(self, user: User, records: Sequence[int], closed: Sequence[int]) -> bool:
        """Every household is visible still, and none that stands there by name has got a violence marker since."""
        both = {*records, *closed}
        seen = Household.objects.visible_to(user).filter(pk__in=both).count()
        if homes_of_restricted(Scope.SHARING).filter(household__in=both).exists():
            return False
        return seen == len(both) and not guarded(list(records))


def _filters(user: User, asked: Mapping[str, Any]) -> Filters:
    return Filters.of(QueryDict(asked.get("query", "")), user)


def _line(found: dict[str, Any], now: datetime) -> Line:
    row = row_of(found, now)
    cells = [
        row.number,
        row.name,
        row.people,
        _("address protected") if row.protected else row.town,
        Band(row.band).label,
        row.review.text,
        f"{row.why} ({row.more_text})" if row.more else row.why,
        fullday(row.since),
        _gap(row.gap),
        row.worker or _("Nobody responsible"),
        _joined(row.referrals_text if row.referrals else "", row.referral.text),
        _joined(row.step, row.due.text),
    ]
    subjects = found["subjects"] or ()
    return Line(found["household_id"], cells, subjects, [found["household_id"]], closed=row.protected)


def _gap(gap: Gap) -> str:
    if gap.missing:
        return _("No contact on record")
    every = _("/ every day") if gap.daily else _("/ every %(n)s") % {"n": days(gap.limit)}
    return f"{days(gap.days)} {every}"


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)

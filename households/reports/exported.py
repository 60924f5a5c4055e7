"""The settlement report and the residence-protection register as files: asked for with a reason, kept for a day."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.clock import seoul_day
from casework.exports.kinds import Kind, Line
from casework.templatetags.format import fullday
from households.conflicts.barring import open_people
from households.members import marked_among, names_on
from households.models import ProtectionPeriod, SettlementLine, SettlementReport
from households.reports.halves import name_of
from households.reports.paper import register_cells, register_head, report_cells, report_head
from households.reports.people import all_live_there, frozen_rows, registered
from households.reports.shown import lines_of
from households.reports.workflow import drafts, reads
from households.signed.workflow import FROZEN


class ReportFile(Kind):
    """A settlement report as it was frozen; a draft is no file."""

    code = "settlement-report"
    label = gettext_lazy("Settlement report")

    def allows(self, user):
        """Who reads the reports of the own local government may take them away."""
        return reads(user)

    def narrowed(self, given, user):
        """`report`: the number of the one asked for, else of the latest that is frozen."""
        rows = _frozen(user)
        asked = rows.filter(number=given.get("report", "")).first() or rows.first()
        return {"report": asked.number if asked else ""}

    def said(self, asked):
        """The half-year and the version."""
        found = SettlementReport.objects.filter(number=asked["report"]).first()
        if found is None:
            return ""
        words = {"half": name_of(found.half_begins), "version": found.version}
        return _("%(half)s, version %(version)s") % words

    def back(self, asked):
        """The report on screen."""
        return (
            reverse("households:report", args=[asked["report"]]) if asked["report"] else reverse("households:reports")
        )

    def header(self):
        """The columns of the report."""
        return report_head()

    def ids(self, user, asked, *, now):
        """The lines of its last freezing, in their order."""
        seen = _frozen(user).filter(number=asked["report"]).order_by().values("pk")
        return list(SettlementLine.objects.last().filter(report__in=seen).order_by("id").values_list("pk", flat=True))

    def lines(self, user, asked, ids, *, now):
        """As the page shows them; one that the user sees no longer is left out."""
        lines = SettlementLine.objects.visible_to(user).filter(pk__in=ids).select_related("report").order_by("id")
        report = lines[0].report if lines else None
        shown = lines_of(frozen_rows(lines), report) if report else []
        return [_line(line["row"].line, report_cells(line), line["row"]) for line in shown]

    def still(self, user, records, closed):
        """Every line is visible still, and nobody who stands in it by name carries a violence marker by now."""
        both = SettlementLine.objects.visible_to(user).filter(pk__in=[*records, *closed])
        named = list(both.filter(pk__in=records).order_by().values_list("person", flat=True))
        return both.count() == len(records) + len(closed) and not marked_among(named)


class RegisterFile(Kind):
    """The residence-protection register (거주지보호대장) of the user's local government on a day.

    Who lived there on that day and lives there still stands in it, and nobody who has left; of who carries a violence
    marker today it gives the case number and keeps the name and the town back, whatever the day.
    """

    code = "protection-register"
    label = gettext_lazy("Residence-protection register")

    def allows(self, user):
        """The residence-protection officers of a city, county or district."""
        return drafts(user)

    def narrowed(self, given, user):
        """`on`: the day asked for, else the day on which the file is made ("")."""
        try:
            return {"on": date.fromisoformat(given.get("on", "")).isoformat()}
        except ValueError:
            return {"on": ""}

    def said(self, asked):
        """The day."""
        return _("as of %(day)s") % {"day": fullday(date.fromisoformat(asked["on"]))} if asked["on"] else ""

    def back(self, asked):
        """The register on screen."""
        return reverse("households:register")

    def header(self):
        """The columns of the register."""
        return register_head()

    def ids(self, user, asked, *, now):
        """The periods that ran on the day, the next to end first."""
        rows = registered(user, _day(asked, now), today=seoul_day(now))
        return list(rows.values_list("pk", flat=True))

    def lines(self, user, asked, ids, *, now):
        """Case number, name, place, period and centre of each."""
        on = _day(asked, now)
        found = registered(user, on, today=seoul_day(now))
        rows = list(found.filter(pk__in=ids).select_related("person"))
        people = [row.person_id for row in rows]
        names, marked = names_on(people, on), marked_among(people)
        return [
            Line(
                row.pk,
                register_cells(row, names, marked),
                [row.person_id],
                [row.household] if row.household else [],
                closed=row.person_id in marked,
            )
            for row in rows
        ]

    def still(self, user, records, closed):
        """Everybody who stands in it lives there still, nobody who does by name carries a violence marker by now, and
        no conflict of interest bars the user from anybody; who may take it away is asked beside."""
        rows = ProtectionPeriod.objects.order_by()
        named = list(rows.filter(pk__in=records).values_list("person", flat=True))
        numbered = list(rows.filter(pk__in=closed).values_list("person", flat=True))
        people = {*named, *numbered}
        here = all_live_there(people, user.agency_id, on=seoul_day(timezone.now()))
        return here and not marked_among(named) and open_people(people, user) == people


def _frozen(user):
    """Return the reports that the user reads and that hold lines, the latest first."""
    return SettlementReport.objects.visible_to(user).filter(status__in=FROZEN).order_by("-half_begins", "-version")


def _day(asked, now):
    """Return the day asked for; never one that lies ahead."""
    today = seoul_day(now)
    return min(date.fromisoformat(asked["on"]), today) if asked["on"] else today


def _line(key, cells, row):
    households = [row.household] if row.household else []
    return Line(key, cells, [row.person], households, closed=row.guarded)

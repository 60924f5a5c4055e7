"""Checked against the past: which crises today's criteria would have warned of, and whom they flag."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.backtest.fairness import fairness_for
from desks.figures.suppression import EXACT, LEAST, suppressed
from desks.figures.tables import Shown, percent, text_of
from desks.figures.views import check_sees_figures
from risk.actions import Refused
from risk.backtest import runs as backtest
from risk.backtest.warned import SET, wilson
from risk.models import BacktestRun, Incident, RuleChange, RuleVersion
from risk.rules import RULES

SHOWN = 10
ONE = ""


@require_safe
def page(request: Request) -> HttpResponse:
    """How far a back-test is, what the last one found, and the fairness table; `?run=` shows an earlier one."""
    check_sees_figures(request.user)
    seen = BacktestRun.objects.visible_to(request.user).select_related("requested_by", "change")
    going = seen.filter(pk__in=BacktestRun.objects.open().values("pk")).order_by("id").first()
    if request.headers.get("HX-Request"):
        answer = render(request, "desks/backtest.html#state", {"going": going, "may_set": _may_set(request.user)})
        if going is None:
            answer.headers["HX-Refresh"] = "true"  # it has ended: the whole page has something new to say
        return answer
    done = seen.filter(state=BacktestRun.State.DONE)
    asked = request.GET.get("run", "")
    found = get_object_or_404(done, pk=asked) if asked.isdecimal() else done.filter(change=None).first() or done.first()
    looked(request, Act.LIST, detail={"backtest": found.pk if found else None})
    context = {
        "going": going,
        "run": found,
        "found": Found(found) if found else None,
        "compared": compared_for(found.change) if found and found.change else None,
        "past": [run for run in seen[:SHOWN] if run != going],
        "changes": RuleChange.objects.visible_to(request.user).open() if _may_set(request.user) else [],
        "may_set": _may_set(request.user),
        "key": uuid4(),
        "dimensions": fairness_for(request.user, on=seoul_day(timezone.now())),
    }
    return render(request, "desks/backtest.html", context)


@require_POST
def start(request: Request) -> HttpResponse:
    """Ask for a back-test, by the rules in force or by the numbers of a change."""
    _check_sets_criteria(request.user)
    asked = request.POST.get("change", "")
    change = get_object_or_404(RuleChange.objects.visible_to(request.user), pk=asked) if asked.isdecimal() else None
    key = request.POST.get("key", "")
    backtest.request(by=request.user, now=timezone.now(), change=change, client_key=_uuid(key))
    return redirect("desks:backtest")


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Stop a back-test that waits or runs."""
    _check_sets_criteria(request.user)
    run = get_object_or_404(BacktestRun.objects.visible_to(request.user), pk=pk)
    try:
        backtest.cancel(run, by=request.user)
        messages.success(request, _("The back-test is cancelled."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("desks:backtest"))


def _may_set(user: User) -> bool:
    return can(user, May.SET_CRITERIA)


def _check_sets_criteria(user: User) -> None:
    if not _may_set(user):
        raise PermissionDenied(_("Back-tests are started by those who may change the criteria."))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Line:
    """One row of the table: what flagged, and its counts as text; nothing where a count behind it is hidden."""

    name: str
    code: str
    warned: Shown
    share: str
    interval: str
    days: list[int] | None
    at_least: bool
    alarms: Shown
    true: Shown
    false_per_true: str


class Found:
    """What a run found, as it may be shown: no count below five, and none that the others would tell."""

    def __init__(self, run: BacktestRun) -> None:
        found = run.result or {}
        self.first, self.last = found["ends"][0], found["ends"][-1]
        # The number of all crises counts as known to everybody: it stands behind every share.
        counts = {kind: row["warned"] + row["missed"] for kind, row in found["kinds"].items()}
        self._kinds = suppressed({ONE: counts})
        self.crises = text_of(self._kinds.cell(ONE)) if counts else Shown("0")
        self.unknown = text_of(suppressed({ONE: {ONE: found["unknown"]}}).cell()) if found["unknown"] else None
        self.whole = _line(_("All criteria together: High or above"), "", found["what"][SET])
        names = _names(found["what"])
        order = [*(code for code in RULES if code in names), *sorted(code for code in names if code not in RULES)]
        by_rule = [_line(names[code], code, found["what"][code]) for code in order if code != SET]
        self.rules = [line for line in by_rule if line.alarms.text != "0"]
        self.kinds = self._by_kind(found["kinds"])
        self.shares_by_kind = all(line["share"] for line in self.kinds)

    def _by_kind(self, rows: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
        """By kind; the shares stand there only where no kind has so few that one could be told from the others."""
        told = all(min(row["warned"], row["missed"]) >= LEAST for row in rows.values())
        return [
            {
                "name": Incident.Kind(kind).label if kind in Incident.Kind.values else kind,
                "count": text_of(self._kinds.cell(ONE, kind)),
                "share": percent(100 * row["warned"] / sum(row.values())) if told else "",
                "interval": _interval(row["warned"], sum(row.values())) if told else "",
            }
            for kind, row in rows.items()
        ]


def compared_for(change: RuleChange) -> dict[str, Any] | None:
    """Compare the back-tests of a change and of the rules in force, or None as long as one of them is missing.

    "days": earlier per crisis, "later": the other way round, both None where too few crises stand behind them;
    "alarms": of the rules in force, and of the change, as text.
    """
    compared = backtest.earlier(change)
    if compared is None:
        return None
    before, after = (Found(compared[name]).whole for name in ("before", "after"))
    told = before.days is not None and after.days is not None
    days = {name: compared[name] if told else None for name in ("days", "later")}
    return {**days, "alarms": (before.alarms.text, after.alarms.text)}


def _line(name: str, code: str, row: dict[str, Any]) -> Line:
    crises, false = row["warned"] + row["missed"], row["alarms"] - row["true"]
    of_crises = suppressed({ONE: {"warned": row["warned"], "missed": row["missed"]}}) if crises else None
    of_alarms = suppressed({ONE: {"true": row["true"], "false": false}})
    shown = of_crises is not None and of_crises.cell(ONE, "warned").state == EXACT
    priced = of_alarms.cell(ONE, "true").state == EXACT
    return Line(
        name=name,
        code=code,
        warned=text_of(of_crises.cell(ONE, "warned")) if of_crises else Shown("0"),
        share=percent(100 * row["warned"] / crises) if shown else "",
        interval=_interval(row["warned"], crises) if shown else "",
        days=row["days"] if shown else None,
        at_least=shown and row["at_least"] * 2 >= row["warned"],
        alarms=text_of(of_alarms.cell(ONE)) if row["alarms"] else Shown("0"),
        true=text_of(of_alarms.cell(ONE, "true")),
        false_per_true=f"{false / row['true']:.1f}" if priced else "",
    )


def _interval(part: int, whole: int) -> str:
    """Return the 95% interval of a share: "62–81%"."""
    between = wilson(part, whole)
    return f"{100 * between[0]:.0f}–{100 * between[1]:.0f}%" if between else ""


def _names(codes: Any) -> dict[str, str]:
    """Return the names of rules and of composed patterns; a pattern's is what people called it last."""
    names = {code: str(RULES[code].name) for code in codes if code in RULES}
    rest = [code for code in codes if code not in names and code != SET]
    for version in RuleVersion.objects.filter(code__in=rest).order_by("version") if rest else ():
        names[version.code] = version.name_ko if get_language() != "en" else version.name_en
    unknown = pgettext("rule", "Proposed pattern")
    return {code: names.get(code, unknown) for code in codes}

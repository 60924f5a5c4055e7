"""What decisions rest on: the what-if of one rule, the back-test of all rules, and the page of an inquiry."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from casework.agencies.models import RoleGrant, User
from casework.clock import AsOf, seoul_day
from desks.bench.timing import quantile, took
from households.models import Household
from risk.backtest import runs as backtest
from risk.changes.whatif import simulate
from risk.models import BacktestRun, RuleVersion, Standing

CHANGED = ("R-NHI-ARR", {"months": 2})


def what_if(times: int = 5) -> dict[str, float]:
    """Return the seconds (best and median of `times`) of simulating one month less for one rule, over everybody."""
    code, numbers = CHANGED
    base = RuleVersion.objects.in_force(on=seoul_day(timezone.now())).get(code=code)
    proposed = RuleVersion(code=code, version=base.version + 1, parameters={**base.parameters, **numbers})
    seconds = sorted(simulate(proposed, AsOf.live(timezone.now())).seconds for _ in range(times))
    return {"best": seconds[0], "median": seconds[times // 2]}


def back_test() -> dict[str, float]:
    """Return the seconds of twelve month ends by all rules over everybody, the number of crises and of rules."""
    by = RoleGrant.objects.filter(role="ministry_officer").order_by("id").select_related("user")[0].user
    asked = backtest.request(by=by, now=timezone.now())
    backtest.work_off(timezone.now)
    run = BacktestRun.objects.get(pk=asked.pk)
    if run.state != BacktestRun.State.DONE:
        raise RuntimeError("The back-test did not end.")
    found: Any = run.result
    return {"seconds": run.seconds, "crises": found["crises"], "rules": len(found["what"]) - 1}


def inquiry(user: User, times: int = 20) -> dict[str, float]:
    """Return p50 and p95 in milliseconds of an inquiry into a day three months ago, as the head of the centre."""
    seen = Household.objects.visible_to(user).values("pk")
    number = Standing.objects.filter(household__in=seen).ranked()[0].household.number
    on = seoul_day(timezone.now()) - timedelta(days=90)
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    client.post(f"/households/{number}/inquiry/", {"on": on.isoformat(), "reason": "benchmark"})
    ask = partial(client.get, f"/households/{number}/inquiry/", {"on": on.isoformat()})
    if ask().status_code != 200:
        raise RuntimeError("The inquiry did not answer.")
    with override_settings(CASEWORK_PAST_PAGES=0):
        seconds = [took(ask) for _ in range(times)]
    return {"p50": quantile(seconds, 0.5), "p95": quantile(seconds, 0.95)}

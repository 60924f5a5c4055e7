"""A local government with two officers, a supervisor beside them, and a household within five years of its move-in."""

from datetime import date
from types import SimpleNamespace

import pytest

from households.models import SettlementReport
from households.reports import actions
from tests.factories import AgencyFactory, CentreFactory, HouseholdFactory, UserFactory
from tests.factories.agencies import day_at

HALF = date(2026, 1, 1)
LAST = date(2026, 6, 30)
NOW = day_at(date(2026, 7, 3))
MOVED_IN = date(2024, 3, 15)


@pytest.fixture
def office():
    agency = AgencyFactory(kind="city", name_ko="관악구청 (시험)", covers=["서울 관악구"])
    centre = CentreFactory(name_ko="관악 하나센터", covers=["서울 관악구"])
    return SimpleNamespace(
        agency=agency,
        centre=centre,
        officer=UserFactory(agency=agency, role="residence_officer", name="구보호"),
        second=UserFactory(agency=agency, role="residence_officer", name="차둘째"),
        boss=UserFactory(agency=agency, role="supervisor", name="장팀장"),
        worker=UserFactory(agency=centre, name="김담당"),
        stranger=UserFactory(
            agency=AgencyFactory(kind="city", covers=["부산 해운대구"]), role="residence_officer", name="남구청"
        ),
    )


@pytest.fixture
def settle(office):
    """Return a function that makes a household in the office's district, its people moved in on a day."""

    def made(*names, moved_in=MOVED_IN, **facts):
        about = {"worker": office.worker, "registered_on": date(2024, 4, 1), "members": list(names), **facts}
        return HouseholdFactory(under_protection=moved_in, **about)

    return made


@pytest.fixture
def draft(office):
    """Return a function that begins the report of the first half of 2026."""
    return lambda by=None: actions.begin(HALF, by=by or office.officer, now=NOW)


def through(report, verb, office):
    """Bring a report to `verb` (ready, sign, send) by the steps before it; return it as it stands."""
    by = {"ready": office.officer, "sign": office.second, "send": office.officer}
    for step in ("ready", "sign", "send"):
        seen = {"digest": report.digest} if step == "sign" else {}
        report = actions.VERBS[step](report, by=by[step], now=NOW, **seen)
        if step == verb:
            break
    return SettlementReport.objects.get(pk=report.pk)

"""What comes in today about a day a year ago changes today and that day as known today, not what was known then."""

import csv
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from risk.models import Assessment, Signal
from tests.factories import ContactFactory, HouseholdFactory
from tests.factories.households import members_of
from tests.factories.imports import SIGNAL
from tests.factories.risk import live_sweep
from tests.harness.asking import ago, main_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(worker):
    return HouseholdFactory(
        worker=worker, members=["오춘화", "오하나"], registered_on=ago(500), person_phone="010-0000-1734"
    )


def band_in_list(page, household):
    row = re.search(rf"<tr role=\"row\" data-row>(?:(?!</tr>).)*{household.number}.*?</tr>", page, re.S)
    return re.search(r"긴급|고위험|주의|관심|일반", row[0])[0] if row else None


def bring_signal(person, observed_on, path):
    """Have a file tell, today, of a signal of that day."""
    said = {"observed_on": str(observed_on), "person_ref": "", "case_number": person.case_number, "months": ""}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list({**SIGNAL, **said}))
        writer.writeheader()
        writer.writerow({**SIGNAL, **said})
    call_command("import_signals", str(path), "--source", "행복e음")


def test_a_signal_of_a_year_ago_that_comes_in_today(look, head, household, tmp_path, swept):
    """It changes today, changes that day as known today, and leaves untouched what is shown as known then."""
    year, after = ago(365), ago(355)
    ContactFactory(
        household=household,
        occurred_at=timezone.now() - timedelta(days=366),
        known_at=timezone.now() - timedelta(days=366),
    )
    live_sweep(after)
    swept()
    urls = {
        "list": "/at-risk/?band=1&band=2&band=3&band=4&band=5",
        "household": page_of(household),
        "figures": "/figures/",
    }

    def asked(url, query):
        return f"{url}{'&' if '?' in url else '?'}{query}"

    def shown(query):
        return {name: main_of(look(head, asked(url, query))) for name, url in urls.items()}

    then, now = f"as_of={after}", f"as_of={after}&known_by=now"
    before = {query: shown(query) for query in (then, now, "")}
    assessments = Assessment.objects.count()
    bring_signal(members_of(household)[0], year, tmp_path / "signals.csv")
    assert Signal.objects.get().observed_on == year
    swept()
    later = {query: shown(query) for query in (then, now, "")}

    assert later[then] == before[then], "as known then, nothing has changed on any page"
    assert "전기" not in later[then]["household"]
    assert "전기" in later[now]["household"]
    assert band_in_list(later[now]["list"], household) == "고위험"
    assert band_in_list(before[now]["list"], household) != "고위험"
    assert Assessment.objects.count() > assessments, "today's assessment has changed"
    assert "전기" in later[""]["household"]
    assert "전기" not in before[""]["household"]

"""Where the demo register may not be loaded, and how large it becomes."""

import pytest
from django.core.management import CommandError, call_command

from desks.demo import load, marginals
from tests.factories import HouseholdFactory

PEOPLE = 3_000


@pytest.mark.django_db
def test_it_is_not_loaded_beside_real_people():
    HouseholdFactory()
    with pytest.raises(CommandError, match="There are people"):
        call_command("demo", people=PEOPLE)


def test_it_is_not_loaded_into_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("demo", people=PEOPLE)


def test_the_size_follows_the_scale():
    assert load.Size(people=marginals.PEOPLE * 10).all_signals == 3_000_000
    assert load.Size(people=PEOPLE, signals=5).all_signals == 5

"""A household with a plan that is being written, and one to which the client agreed."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.factories.plans import drafted, live_plan


@pytest.fixture
def on(today):
    return today


@pytest.fixture
def draft(house, kim):
    return drafted(house, by=kim)


@pytest.fixture
def live(house, kim):
    return live_plan(house, by=kim)


@pytest.fixture
def at(house):
    """Return the addresses of a plan: at("plan_sign", plan)."""
    return lambda name, plan=None, *more: reverse(
        f"households:{name}", args=[house.number, *([plan.pk] if plan else []), *more]
    )


@pytest.fixture
def typed():
    """Return typed(form, **changes): what a browser would send for a form as it was opened."""

    def fields(form, **changes):
        said = {name: form[name].value() for name in form.fields}
        return {name: "" if value is None else value for name, value in said.items()} | changes

    return fields


@pytest.fixture
def drawn_paths():
    """A signature as sign.js sends it, and what is none."""
    good = "M10 10 L20 30 L40 50 L60 20 M100 100 L120 110 L140 90 L150 80 L160 70"
    bad = ("", "M1 1", "M10 10 L<script>", f"{good} Z", good.replace("160", "999"), "M10,10 L20,30", f"{good}\nM1 1;")
    return SimpleNamespace(good=good, bad=bad)

"""What is typed into the form of a plan is kept while it is written, for its author alone."""

from uuid import uuid4

import pytest
from django.urls import reverse

from households.models import Draft, ServicePlan
from households.plans import writing

TYPED = {"kind": "plan", "wish": "자립하고 싶어요.", "goal-3-client_words": "운전면허를 따고 싶어요."}


@pytest.fixture
def keep(house):
    """Send what stands in a form as draft.js does; return the answer."""

    def send(client, form, **changes):
        said = {name: form[name].value() for name in form.fields}
        data = {name: value for name, value in said.items() if value is not None} | TYPED | changes
        address = reverse("households:draft", args=[form["draft"].value()])
        return client.post(address, data | {"household": house.number}, headers={"Accept": "application/json"})

    return send


def sent(form, **changes):
    said = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return said | {"goal-3-domain": "work"} | changes


def test_the_session_ends_in_a_new_plan_and_after_log_in_everything_typed_is_there(house, people, kim, enter, at, keep):
    client, url = enter(kim), at("plan_new")
    opened = client.get(url).context["form"]
    assert (
        f'data-draft="{reverse("households:draft", args=[opened["draft"].value()])}"'
        in client.get(url, {"draft": opened["draft"].value()}).content.decode()
    )
    assert keep(client, opened, subject=people[1].case_number).json()["at"]
    client.logout()
    assert client.post(url, sent(opened)).status_code == 302  # to the log-in page
    again, address = enter(kim), reverse("households:draft", args=[opened["draft"].value()])
    for page in (at("plans"), reverse("desks:case", args=[house.number])):
        assert address in again.get(page).content.decode()
    form = again.get(again.get(address).url).context["form"]
    found = [form[name].value() for name in ("subject", "wish", "goal-3-client_words")]
    assert found == [people[1].case_number, "자립하고 싶어요.", "운전면허를 따고 싶어요."]
    for _tap in range(2):
        assert again.post(url, sent(form)).status_code == 302
    assert ServicePlan.objects.get().goals.get().client_words == "운전면허를 따고 싶어요."
    assert not Draft.objects.exists()
    assert keep(again, form).status_code == 204, "what was sent does not become a draft again"


def test_two_peoples_drafts_of_one_plan_do_not_mix(kim, boss, enter, at, draft, keep):
    url = at("plan_edit", draft)
    hers, his = (enter(one).get(url).context["form"] for one in (kim, boss))
    assert hers["draft"].value() != his["draft"].value()
    keep(enter(kim), hers, wish="김의 바람")
    keep(enter(boss), his, wish="박의 바람")
    again = enter(kim).get(url, {"draft": hers["draft"].value()})
    assert again.context["form"]["wish"].value() == "김의 바람"
    strange = enter(kim).get(url, {"draft": his["draft"].value()}).context["form"]
    assert strange["wish"].value() == draft.wish
    enter(kim).post(url, sent(again.context["form"]))
    assert [one.author for one in Draft.objects.all()] == [boss], "what was sent is cleared, and no more"


def test_a_draft_of_before_somebody_elses_change_is_put_together_with_it(kim, boss, enter, at, draft, keep, now):
    url = at("plan_edit", draft)
    opened = enter(kim).get(url).context["form"]
    keep(enter(kim), opened)
    goals = [
        {"pk": goal.pk, "domain": "work", "client_words": goal.client_words, "words": "박이 다듬은 말"}
        for goal in draft.goals.all()
    ]
    writing.write(draft, version=draft.version, by=boss, now=now, wish=draft.wish, summary="박의 요약", goals=goals)
    form = enter(kim).get(url, {"draft": opened["draft"].value()}).context["form"]
    answer = enter(kim).post(url, sent(form))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert all(words in shown for words in ("박의 요약", "자립하고 싶어요.", "운전면허를 따고 싶어요."))
    assert answer.context["form"]["draft"].value() == str(opened["draft"].value())
    assert Draft.objects.filter(author=kim).exists(), "kept until it is saved"
    assert enter(kim).post(url, sent(answer.context["form"], **{"goal-1-domain": "work"})).status_code == 302
    assert not Draft.objects.exists()


def test_what_is_typed_for_a_household_one_does_not_see_is_not_kept(house, enter, stranger):
    address = reverse("households:draft", args=[uuid4()])
    assert enter(stranger).post(address, TYPED | {"household": house.number}).status_code == 404
    assert not Draft.objects.exists()

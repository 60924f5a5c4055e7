"""The generated pages of docs/ are what the code says."""

import pytest
from django.core.management import CommandError, call_command

from desks.generated import pages
from referrals.workflow import REFERRAL
from risk.campaigns.states import CAMPAIGN
from risk.changes.workflow import CHANGE
from risk.rules import RULES


def test_every_step_stands_in_the_diagram_and_in_the_table():
    page = pages()["states/referral.md"]
    for step in REFERRAL.steps.values():
        assert f"| {step.verb} |" in page
        for source in step.sources:
            assert f"    {source} --> {step.target}: {step.verb}" in page


@pytest.mark.parametrize(("page", "workflow"), [("campaign", CAMPAIGN), ("rule_change", CHANGE)])
def test_the_other_workflows_have_their_pages_from_their_tables(page, workflow):
    text = pages()[f"states/{page}.md"]
    for step in workflow.steps.values():
        assert f"| {step.verb} |" in text
        for source in step.sources:
            assert f"    {source} --> {step.target}: {step.verb}" in text


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_page_with_its_names_sentences_and_basis(code):
    page = pages()[f"rules/{code}.md"]
    assert page.count("- en: ") >= 2
    assert page.count("- ko: ") == page.count("- en: ")
    for heading in ("## Sentences", "## Numbers", "## Basis"):
        assert heading in page


def test_a_page_that_was_changed_by_hand_fails_the_check(settings, tmp_path, capsys):
    for package in ("casework", "households", "referrals", "risk", "desks"):
        (tmp_path / package).mkdir()
    settings.BASE_DIR = tmp_path
    call_command("docs")
    call_command("docs", check=True)
    (tmp_path / "docs/states/referral.md").write_text("by hand")
    (tmp_path / "docs/rules/R-GONE.md").write_text("left over")
    with pytest.raises(CommandError, match=r"states/referral.md, rules/R-GONE.md"):
        call_command("docs", check=True)
    call_command("docs")
    call_command("docs", check=True)
    assert not (tmp_path / "docs/rules/R-GONE.md").exists()

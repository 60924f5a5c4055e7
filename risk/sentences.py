"""Sentences are rendered from evidence, never stored as text (design §5)."""

from django.utils import translation

from risk.rules import rule_of

LANGUAGES = ("ko", "en")


def sentence(rule_code, evidence, since, on, *, kind="full", language=None):
    """Return why a rule fired, in `language` or the active one.

    `evidence`: as a flag, a standing or an assessment keeps it. `since`: date from which the condition holds; `on`:
    the day to count to. `kind`: "full" for the household page, where looking is logged; "list" is safe on a projector,
    a phone and a print. Raises KeyError for an unknown rule.
    """
    rule = rule_of(rule_code, evidence)
    if language is None:
        return rule.sentence(evidence, since, on, kind)
    with translation.override(language):
        return rule.sentence(evidence, since, on, kind)


def in_both(rule_code, evidence, since, on, *, kind="full"):
    """Return {"ko": …, "en": …}."""
    return {language: sentence(rule_code, evidence, since, on, kind=kind, language=language) for language in LANGUAGES}


def basis(rule_code, evidence, language=None):
    """Return what the criterion rests on, by the numbers that were in force: "기준 3개월: 사회보장급여법 제12조"."""
    with translation.override(language or translation.get_language()):
        rule = rule_of(rule_code, evidence)
        return rule.basis_text({**rule.params, **evidence.get("params", {})}, evidence)

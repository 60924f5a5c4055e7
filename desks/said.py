"""Words in both languages, for the pages of docs/ that are made from the code."""

from django.utils.translation import override

NOTE = "<!-- Made by `manage.py docs` from the code. Change the code, not this page. -->"


def both(text):
    """Return a translatable text as "English (한국어)"; once where both are the same."""
    english, korean = said(text, "en"), said(text, "ko")
    return english if english == korean else f"{english} ({korean})"


def said(text, language):
    """Return a translatable text in one language."""
    with override(language):
        return str(text)

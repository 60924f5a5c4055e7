"""The kinds of notifications: each floor says its own, and the settings name them by dotted path."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings


@dataclass(frozen=True)
class Kind:
    """One kind: its code, what it is called, whether a mail is sent unless somebody says otherwise, and whether that
    mail goes out in quiet hours too (what is owed within hours, and whoever is on duty)."""

    code: str
    label: object
    mailed: bool = True
    at_any_hour: bool = False


@cache
def kinds():
    """Return {code: Kind} of every floor, in the order of the settings page."""
    return {kind.code: kind for path in settings.CASEWORK_TELLING for kind in _named(path)}


def _named(path):
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def label_of(code):
    """Return what a kind is called; a kind that exists no more is called by its code."""
    kind = kinds().get(code)
    return str(kind.label) if kind else code


def at_any_hour(code):
    """Tell whether mails of a kind go out in quiet hours too; a digest's, or one that is no more, do not."""
    kind = kinds().get(code)
    return bool(kind and kind.at_any_hour)

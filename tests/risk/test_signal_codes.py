"""The 44 crisis signals stand after `migrate`."""

import pytest

from risk.models import SignalCode
from risk.reference import load_reference

pytestmark = pytest.mark.django_db


def codes(**marks):
    return set(SignalCode.objects.filter(**marks).values_list("code", flat=True))


def test_the_44_signals_stand_with_names_in_both_languages():
    assert codes() == {f"S{number:02}" for number in range(1, 45)}
    assert not SignalCode.objects.filter(name_ko="").exists()
    assert not SignalCode.objects.filter(name_en="").exists()


def test_facts_of_the_dwelling_and_signals_left_out_of_the_overlap_are_marked():
    assert codes(of_dwelling=True) == {"S04", "S05", "S06", "S10", "S11", "S12", "S13", "S14"}
    assert codes(in_overlap=False) == {"S19", "S22", "S23", "S28", "S31", "S33", "S40", "S43"}


def test_loading_again_changes_nothing():
    before = list(SignalCode.objects.values())
    load_reference(using="default")
    assert list(SignalCode.objects.values()) == before

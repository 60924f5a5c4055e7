"""The 44 crisis signals and the first version of every rule, which stand after every `migrate`.

An unofficial transcription of the columns of the welfare blind-spot system. `of_dwelling` marks facts of the home,
counted once for a household; `in_overlap` is no for signals that R-MULTI-SIG leaves out (risk.md §1 and §3).
"""

import csv
from pathlib import Path

from django.db import connections

from risk.criteria import CODE, Criteria
from risk.models import RuleVersion, SignalCode

SIGNALS = Path(__file__).parent / "data" / "crisis_signals.csv"
TEXTS = ("group", "group_ko", "group_en", "name_ko", "name_en")
MARKS = ("of_dwelling", "in_overlap")


def load_reference(using="owner"):
    """Put in the signal codes and correct what changed, in one statement; does nothing while the table is missing."""
    if SignalCode._meta.db_table not in connections[using].introspection.table_names():
        return
    with SIGNALS.open(encoding="utf-8", newline="") as file:
        codes = [_code(row) for row in csv.DictReader(file)]
    SignalCode.objects.using(using).bulk_create(
        codes, update_conflicts=True, unique_fields=["code"], update_fields=[*TEXTS, *MARKS]
    )
    load_first_versions(using)


def load_first_versions(using="owner"):
    """Put in version 1 of every rule and of the bands, in force on every day; what stands is never changed."""
    from risk.rules import RULES

    first = [(CODE, Criteria().as_dict()), *((code, rule.defaults()) for code, rule in RULES.items())]
    RuleVersion.objects.using(using).bulk_create(
        [RuleVersion(code=code, version=1, parameters=numbers) for code, numbers in first], ignore_conflicts=True
    )


def _code(row):
    texts = {name: row[name] for name in TEXTS}
    return SignalCode(code=row["code"], **texts, **{mark: row[mark] == "yes" for mark in MARKS})

"""What an agenda says of how a household stands: its band and the listed reasons, frozen when the agenda is sent."""

from datetime import date
from typing import Any

from risk.bands import Band
from risk.models import Flag, Standing
from risk.rules import is_known
from risk.sentences import in_both

MOST = 5


def as_it_stands(households: list[int], on: date) -> dict[int, dict[str, Any]]:
    """Return {household id: {"band", "reasons"}} of `households`; two queries. The weightiest reasons stand first, each
    as the sentence that is safe on a projector, in both languages; none of a household that stands at General."""
    rows = Standing.objects.filter(household__in=households, shown_band__gt=Band.GENERAL).order_by()
    found: dict[int, dict[str, Any]] = {row.pk: {"band": int(row.shown_band), "reasons": []} for row in rows}
    flags = Flag.objects.open().filter(household__in=list(found))
    for flag in flags.order_by("-floor", "-points", "id"):
        said = found[flag.household_id]["reasons"]
        if is_known(flag.rule) and len(said) < MOST:
            sentence = in_both(flag.rule, flag.evidence, flag.since, on, kind="list")
            if sentence not in said:
                said.append(sentence)
    return found

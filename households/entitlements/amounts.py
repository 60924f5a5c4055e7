"""The amounts of a version: won, for whom, how often, from which source, and how sure that source is."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

MARKS = {
    "found": _("found in the source"),
    "known": _("commonly known, to be checked"),
    "unofficial": _("unofficial source, to be checked"),
    "unknown": _("not found"),
}
PER = {"once": _("once"), "month": _("a month"), "year": _("a year")}
MOST_AMOUNTS, MOST_KRW, MOST_SIZE = 12, 1_000_000_000, 20
TEXTS = ("words_ko", "words_en", "source")


def checked_amounts(amounts: Any) -> list[dict[str, Any]]:
    """Return amounts as they are kept; raise ValidationError with a sentence for each line that is wrong."""
    kept, wrong = [], []
    if not isinstance(amounts, list) or len(amounts) > MOST_AMOUNTS:
        raise ValidationError({"amounts": [gettext("At most %(n)s amounts.") % {"n": MOST_AMOUNTS}]})
    for place, told in enumerate(amounts, 1):
        try:
            kept.append(_amount(told))
        except ValueError as error:
            wrong.append(gettext("Line %(n)s. %(why)s") % {"n": place, "why": error})
    if wrong:
        raise ValidationError({"amounts": wrong})
    return kept


def _amount(told: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: str(told.get(name) or "").strip()[:200] for name in TEXTS}
    if not all(kept.values()):
        raise ValueError(gettext("Write what the amount is for, in both languages, and its source."))
    if told.get("mark") not in MARKS or told.get("per") not in PER:
        raise ValueError(gettext("Choose how often it is paid and how sure the source is."))
    krw = _whole(told.get("krw"), MOST_KRW, gettext("The amount is whole won, without signs."))
    if told["mark"] == "unknown" and krw is not None:
        raise ValueError(gettext("An amount that was not found has no number."))
    sizes = gettext("A household has 1 to %(most)s members, the smaller number first.") % {"most": MOST_SIZE}
    least, most = (_whole(told.get(name), MOST_SIZE, sizes) for name in ("least", "most"))
    if least is not None and most is not None and least > most:
        raise ValueError(sizes)
    return kept | {"krw": krw, "per": told["per"], "least": least, "most": most, "mark": told["mark"]}


def _whole(value: Any, most: int, sentence: str) -> int | None:
    if value in (None, ""):
        return None
    text = str(value).replace(",", "").strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise ValueError(sentence)
    return int(text)


def shown(amount: dict[str, Any]) -> dict[str, Any]:
    """Return an amount as pages show it: words, won with its rhythm, source, mark in words."""
    english = get_language() == "en"
    krw = amount["krw"]
    number = gettext("%(krw)s won") % {"krw": f"{krw:,}"} if krw else gettext("amount not stated")
    return {
        "words": amount["words_en" if english else "words_ko"],
        "krw": f"{number} · {PER[amount['per']]}" if krw and amount["per"] != "once" else number,
        "source": amount["source"],
        "mark": str(MARKS[amount["mark"]]),
        "sure": amount["mark"] == "found",
    }

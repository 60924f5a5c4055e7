"""How long one side has: working days that pauses and holidays stop, or hours by the clock that nothing stops."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import ngettext

from casework.clock import add_working_days


@dataclass(frozen=True)
class Limit:
    """So many working days ("wd") or hours ("h")."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text):
        """Read "2wd" or "24h"; raises `ValueError` for anything else."""
        amount, unit = text[:-2] if text.endswith("wd") else text[:-1], "wd" if text.endswith("wd") else text[-1:]
        if unit not in ("wd", "h"):
            raise ValueError(f"a limit is written as 2wd or 24h, not {text!r}")
        return cls(int(amount), unit)

    def after(self, start, closed, paused=0):
        """Return the moment until which the side has time.

        `start` is an aware datetime, `closed` the set of holidays and days on which the agency is closed, `paused`
        the working days on which the clock stood still; hours never stand still.
        """
        if self.unit == "h":
            return start + timedelta(hours=self.amount)
        return add_working_days(start, self.amount + paused, closed)

    def __str__(self):
        if self.unit == "h":
            return ngettext("%(n)s hour", "%(n)s hours", self.amount) % {"n": self.amount}
        return ngettext("%(n)s working day", "%(n)s working days", self.amount) % {"n": self.amount}

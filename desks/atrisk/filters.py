"""What the at-risk list is narrowed to: read from the address, and written back into links."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from casework.agencies.models import User
from desks.asof import WORDS
from risk.bands import Band
from risk.campaigns.counts import TO_ASK

SHOWN_FIRST = (int(Band.EMERGENCY), int(Band.HIGH), int(Band.MODERATE))
CHIPS = {
    "nobody": "worker_id IS NULL",
    "overdue": "overdue",
    "review": "awaiting",
    "referral": "referrals_late > 0",
    "ending": "ending",
    "survey": TO_ASK,
    "closed": "closed",
}
"""The chips and what each asks of a row of the list."""


@dataclass(frozen=True)
class Filters:
    """Bands, one chip, one worker. Without any, Emergency, High and Moderate are shown.

    `moment`: the words by which a past day is asked about; every link of the list keeps them.
    """

    bands: tuple[int, ...] = ()
    show: str = ""
    worker: int | None = None
    moment: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, asked: QueryDict, user: User) -> "Filters":
        """Read `band`, `show` and `worker` (a user's id, or `me`); what makes no sense is left out."""
        bands = {int(band) for band in asked.getlist("band") if band.isdecimal()} & set(Band.values)
        worker = asked.get("worker", "")
        return cls(
            bands=tuple(sorted(bands, reverse=True)),
            show=asked.get("show", "") if asked.get("show", "") in CHIPS else "",
            worker=user.pk if worker == "me" else int(worker) if worker.isdecimal() and len(worker) < 18 else None,
            moment=tuple((word, str(asked[word])[:40]) for word in WORDS if asked.get(word)),
        )

    @property
    def bands_shown(self) -> tuple[int, ...]:
        """The bands of the page; a chip or a worker opens all five, so that nobody is hidden behind a default."""
        return self.bands or (tuple(Band.values) if self.show or self.worker else SHOWN_FIRST)

    def words(self) -> dict[str, str]:
        """Return chip and worker by name, for a form that asks for another day. Bands are chosen anew."""
        return {"show": self.show, "worker": str(self.worker or "")}

    def query(self) -> str:
        """Return the filters as the query of a link."""
        return urlencode(self._pairs())

    def toggled(self, *, band: int = 0, show: str = "") -> str:
        """Return the query of a link that sets a band or a chip, or takes it away where it stands already."""
        new = self
        if band:
            new = replace(new, bands=() if self.bands == (band,) else (band,))
        if show:
            new = replace(new, show="" if self.show == show else show)
        return new.query()

    def _pairs(self) -> list[tuple[str, str | int]]:
        pairs: list[tuple[str, str | int]] = [("band", band) for band in self.bands]
        pairs += [("show", self.show)] if self.show else []
        return [*pairs, *([("worker", self.worker)] if self.worker else []), *self.moment]

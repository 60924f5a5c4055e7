"""Crisis signals in the rhythm of their feeds: what is true today is told weeks later, again and again, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from casework.clock import SEOUL
from casework.imports.models import Batch, Kind, State
from desks.demo.copying import copy_lines, line
from desks.demo.hardship import Happening, Series
from risk.models import Feed, Signal

COLUMNS = [
    "person_id",
    "code_id",
    "observed_on",
    "ended_on",
    "received_on",
    "months",
    "amount_krw",
    "source",
    "reference",
]
COLUMNS += ["known_at", "recorded_by_id", "batch_id"]
MORNING = time(9, 30)
# source, Korean, English, rhythm in days, days since the last delivery, codes. Two are late, as two always are.
FEEDS = (
    ("nhis", "국민건강보험공단", "National Health Insurance Service", 60, 11, "S01 S26 S27 S30 S32"),
    ("nps", "국민연금공단", "National Pension Service", 60, 18, "S02 S09"),
    ("credit", "한국신용정보원", "Credit information", 60, 25, "S03 S08"),
    ("power", "한국전력공사", "Electricity supplier", 60, 9, "S04 S14"),
    ("lease", "공공임대·주거취약 자료", "Public rental and housing", 60, 32, "S05 S22 S23"),
    ("flats", "공동주택 관리비 자료", "Apartment maintenance fees", 60, 40, "S06"),
    ("telecom", "통신사 자료", "Telecom companies", 60, 83, "S07"),
    ("water", "상수도 자료", "Water suppliers", 60, 21, "S10 S13"),
    ("gas", "도시가스 자료", "Gas suppliers", 60, 71, "S11 S12"),
    ("work", "고용보험 자료", "Employment insurance", 60, 14, "S15 S16 S17 S18 S19 S20 S21"),
    ("emergency", "응급의료 자료", "Emergency rooms", 30, 4, "S24"),
    ("mind", "자살예방 등록 자료", "Suicide prevention register", 60, 16, "S25"),
    ("care", "장기요양·방문건강 자료", "Long-term care and home health", 60, 28, "S28 S29 S31 S33 S34 S35"),
    ("incident", "사건·재난 자료", "Incidents and disasters", 60, 35, "S36 S37 S38 S39"),
    ("benefit", "사회보장정보시스템", "Social security information system", 60, 7, "S40 S41 S42 S43"),
    ("school", "교육비 지원 자료", "School support", 60, 44, "S44"),
)
MONTHLY = {
    "S01": 92_000,
    "S02": 110_000,
    "S04": 41_000,
    "S05": 168_000,
    "S06": 134_000,
    "S07": 58_000,
    "S10": 21_000,
    "S11": 37_000,
}
LUMP = {"S03": (1_000_000, 18_000_000), "S08": (2_000_000, 9_000_000), "S09": (500_000, 5_000_000)}
# What is told of many people and is no alarm by itself.
QUIET = ("S19", "S23", "S22", "S43", "S33", "S28", "S31", "S40")
# What happens on one day is told once, by the first delivery after it.
EVENTS = frozenset(("S12", "S13", "S14", "S24", "S25", "S36", "S37", "S38", "S39"))
# Few are told to be entitled to what they have not applied for; it is a reason to look, not a crisis.
ENTITLED, ONE_IN = "S43", 14
PASSING = ("S01", "S04", "S07", "S02", "S11", "S06")


@dataclass
class Delivery:
    """One file of one feed: when it came, the key of its batch, its rows as text."""

    source: str
    on: date
    batch: int
    lines: list[str]


class Signals:
    """Makes and writes the rows; `number` is how many there shall be in all."""

    def __init__(self, happenings: list[Happening], random: Random, *, on: date, number: int, by: int) -> None:
        self.happenings, self.random, self.on, self.number, self.by = happenings, random, on, number, by
        self.made = 0
        self.deliveries = self._deliveries()

    def _deliveries(self) -> dict[str, list[Delivery]]:
        """Return the deliveries of two years by code, oldest first; codes of one feed share them."""
        Feed.objects.bulk_create(
            Feed(source=s, name_ko=ko, name_en=en, every_days=every, last_received_on=self.on - timedelta(days=last))
            for s, ko, en, every, last, _ in FEEDS
        )
        found = {}
        for source, _ko, _en, every, last, codes in FEEDS:
            days = [self.on - timedelta(days=ago) for ago in range(last, 730, every)][::-1]
            batches = Batch.objects.bulk_create(_batch(source, day, self.by) for day in days)
            files = [Delivery(source, day, batch.pk, []) for day, batch in zip(days, batches, strict=True)]
            found |= dict.fromkeys(codes.split(), files)
        return found

    def write(self) -> int:
        """Write all rows in the order in which they came; return how many."""
        for happening in self.happenings:
            for series in happening.series:
                self._tell(series)
        self._tell_the_rest()
        files = {file.batch: file for files in self.deliveries.values() for file in files}
        ordered = sorted(files.values(), key=lambda file: (file.on, file.source))
        copy_lines(Signal, COLUMNS, (text for file in ordered for text in file.lines))
        batches = list(Batch.objects.filter(pk__in=files).order_by("id"))
        for batch in batches:
            batch.rows = batch.done_rows = batch.loaded = len(files[batch.pk].lines)
        Batch.objects.bulk_update(batches, ["rows", "done_rows", "loaded"])
        return self.made

    def _tell_the_rest(self) -> None:
        """Fill up with what is told of people whose life is in order, until there are as many rows as asked for."""
        turn = 0
        while self.made < self.number and self.happenings:
            for happening in self.happenings:
                if self.made >= self.number:
                    return
                if (happening.home.level == 0 or turn) and not happening.home.story:
                    self._tell(self._quiet(happening, turn))
            turn += 1

    def _quiet(self, happening: Happening, turn: int) -> Series:
        one = self.random.choice(happening.home.living())
        start = self.on - timedelta(days=self.random.randrange(60, 730))
        if self.random.random() < 0.12 and happening.home.level == 0:
            end = start + timedelta(days=self.random.randrange(40, 160))
            done = end < self.on - timedelta(days=125)
            return Series(one, self.random.choice(PASSING), start, end if done else start + timedelta(days=45), 1)
        code = QUIET[(turn * 3 + one.key) % len(QUIET)]
        if code == ENTITLED and happening.home.key % ONE_IN:
            code = QUIET[0]
        return Series(one, code, start)

    def _tell(self, series: Series) -> None:
        for file, observed, ended in self._told(series):
            self.made += 1
            months = series.months and series.months + (observed - series.start).days // 30
            known = datetime.combine(file.on, MORNING, tzinfo=SEOUL)
            reference = f"{file.source}-{file.on:%y%m%d}-{len(file.lines) + 1:06d}"
            row = (series.one.key, series.code, observed, ended, file.on, months, self._amount(series.code, months))
            file.lines.append(line((*row, file.source, reference, known, self.by, file.batch)))
            if self.made >= self.number and ended is None and series.code in QUIET:
                return

    def _told(self, series: Series) -> Iterator[tuple[Delivery, date, date | None]]:
        """Yield (file, observed, ended) of each delivery that tells of the condition, up to its end."""
        for file in self.deliveries[series.code]:
            if file.on - series.start < timedelta(days=4):
                continue
            if series.code in EVENTS:
                yield file, series.start, series.end
                return
            if self.random.random() < 0.06:
                continue
            over = series.end is not None and series.end <= file.on - timedelta(days=3)
            observed = max(series.start, file.on - timedelta(days=self.random.randrange(4, 34)))
            if over and series.end:
                yield file, min(observed, series.end), series.end
                return
            yield file, observed, None

    def _amount(self, code: str, months: int | None) -> int | None:
        if code in LUMP:
            return self.random.randrange(*LUMP[code]) // 10_000 * 10_000
        return MONTHLY[code] * (months or 1) if code in MONTHLY else None


def _batch(source: str, day: date, by: int) -> Batch:
    moment = datetime.combine(day, MORNING, tzinfo=SEOUL)
    return Batch(
        kind=Kind.SIGNALS,
        source=source,
        filename=f"{source}-{day:%Y%m%d}.csv",
        brought_by_id=by,
        known_at=moment,
        received_on=day,
        state=State.DONE,
        begun_at=moment,
        finished_at=moment + timedelta(minutes=1),
    )


def sources() -> Iterable[str]:
    """Return the names of the feeds."""
    return (row[0] for row in FEEDS)

"""Files as they come in: rows as dicts, brought in as an operator's command would."""

import csv
import io

from casework.agencies.models import User
from casework.imports.models import Batch
from casework.imports.running import run

PERSON = {
    "person_ref": "P-1",
    "household_ref": "H-1",
    "household_role": "head",
    "family_name": "리",
    "given_name": "영희",
    "latin_name": "",
    "sex": "F",
    "birth_date": "1980-05-03",
    "is_defector": "Y",
    "entered_on": "2019-01-02",
    "moved_in_on": "",
    "protection_decision": "none",
    "residence_status": "resident",
    "district": "서울 관악구",
    "center": "",
    "phone": "",
}
SIGNAL = {
    "reference": "R-1",
    "person_ref": "P-1",
    "signal": "S14",
    "observed_on": "2026-03-02",
    "ended_on": "",
    "months": "",
    "amount_krw": "",
}
CONTACT = {
    "contact_ref": "C-1",
    "person_ref": "P-1",
    "household_ref": "",
    "occurred_at": "2026-03-02T14:20+09:00",
    "channel": "visit",
    "contact_made": "Y",
    "topics": "health;mind",
    "tags": "",
    "summary": "이야기를 나눔",
}


def csv_of(*rows, encoding="utf-8", columns=None):
    """Return rows (dicts) as the bytes of a CSV file with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def bring(kind, content, *, by=None, **options):
    """Run a file (bytes, or rows as dicts) as a batch and return the batch; by default as the `system` user."""
    content = content if isinstance(content, bytes) else csv_of(*content)
    user = by or User.objects.system()
    if kind == "signals":
        options.setdefault("source", "행복e음")
    batch = Batch.objects.create(kind=kind, brought_by=user, agency=user.agency, state="running", **options)
    return run(batch, io.BytesIO(content))


def counts(batch):
    """Return (loaded, unchanged, superseded, refused)."""
    return batch.loaded, batch.unchanged, batch.superseded, batch.refused.count()


def why(batch):
    """Return the (row, field, code) of every fault of the file."""
    return [(row.row, fault["field"], fault["code"]) for row in batch.refused.all() for fault in row.faults]

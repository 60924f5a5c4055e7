"""The Minister's written notice: sent, received or returned; and a centre that finds none on record asks."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.verb import lock_person, verb
from households.models import EndNotice, Person, ProtectionPeriod
from households.protection.dates import notice_by
from households.protection.rights import check_can_decide
from households.protection.steps import last_day_of, note
from households.protection.telling import ask_of

ASKED = "notice_asked"


@verb
def record_sent(letters, *, way, sent_on, by, on):
    """Keep that notices were sent on a day: `letters` is [(Person, last day, number of the mail), …]; return them.

    `on`: today, by which is told whom the officer keeps. All or none. A notice that is on record as sent on that day
    stays as it is, unless it came back on that very day. Raises `Refused` when somebody's last day is another by now,
    for registered mail without its number, and for somebody whom the officer does not keep.
    """
    check_can_decide(by)
    kept = {
        person: upper - timedelta(days=1)
        for person, upper in ProtectionPeriod.objects.to_be_told_by(by, on=on)
        .order_by("id")
        .values_list("person", "during__endswith")
    }
    return [_sent(person, last, kept, way, proof.strip(), sent_on, by) for person, last, proof in letters]


@verb
def record_outcome(notice, *, by, delivered_on=None, returned_on=None, returned_why=""):
    """Append a version of a notice: received on a day, or come back on a day and why; return it.

    With neither day the notice counts as sent only. The same outcome twice changes nothing.
    """
    check_can_decide(by)
    lock_person(notice.person)
    current = EndNotice.objects.current().get(fact_id=notice.fact_id)
    said = {"delivered_on": delivered_on, "returned_on": returned_on, "returned_why": returned_why.strip()}
    if {name: getattr(current, name) for name in said} == said:
        return current
    if current.pk != notice.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    made = supersede(current, by=by, **said)
    day = returned_on or delivered_on or made.sent_on
    note("end_notice_outcome", made.person, by=by, on=day, data={"fact": made.fact_id, "state": made.state})
    return made


@verb
def ask_ministry(person, *, by, now):
    """Ask the Ministry's officers whether a notice was sent, because none is on record; return the Event.

    Asked once for a last day: again, and the Event of the first time comes back. Raises `Refused` where none is owed or
    a notice is on record that did not come back.
    """
    lock_person(person)
    last = last_day_of(person)
    if last is None or notice_by(last) is None:
        raise Refused(_("No written notice is owed to this person."))
    if asked := asked_of(person, last):
        return asked
    standing = EndNotice.objects.current().filter(person=person, last_day=last, returned_on=None)
    if standing.exists():
        raise Refused(_("A notice is on record already."))
    note(ASKED, person, by=by, on=seoul_day(now), data={"last_day": last.isoformat()})
    ask_of(person, last, by=by, now=now)
    return asked_of(person, last)


def asked_of(person, last):
    """Return the Event of the question to the Ministry about this last day, or None."""
    return Event.objects.about(person).filter(verb=ASKED, data__last_day=last.isoformat()).first() if last else None


def asked_days(people):
    """Return {(person id, last day): day of the question to the Ministry} of people (ids); one query."""
    rows = Event.objects.filter(verb=ASKED, subject_type=Person._meta.label_lower, subject_id__in=people)
    found = rows.order_by("at").values_list("subject_id", "data__last_day", "at")
    return {(person, date.fromisoformat(last)): seoul_day(at) for person, last, at in found}


def _sent(person, last, kept, way, proof, sent_on, by):
    lock_person(person)
    same = EndNotice.objects.current().filter(person=person, last_day=last, sent_on=sent_on).order_by("-id")
    if held := same.exclude(returned_on=sent_on).first():
        return held
    if kept.get(person.pk) != last:
        raise Refused(_("The last day of %(number)s was changed in between.") % {"number": person.case_number})
    if way == EndNotice.Way.REGISTERED and not proof:
        raise Refused(_("The number of the registered mail to %(number)s is missing.") % {"number": person.case_number})
    made = EndNotice.objects.create(person=person, last_day=last, sent_on=sent_on, way=way, proof=proof, recorded_by=by)
    note("end_notice_sent", person, by=by, on=sent_on, data={"fact": made.fact_id, "last_day": last.isoformat()})
    return made

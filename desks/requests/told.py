"""The parts of a record that come from the work: contacts, signals, rules, referrals, and who looked."""

from collections import defaultdict

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from casework.agencies.models import Agency
from casework.audit.models import AccessLog
from casework.clock import day_begins, seoul_day
from casework.templatetags.format import fullday, fulltime
from desks.requests.about import About
from households.models import Addendum, Contact, Membership, Participant, Share
from households.models.contact import Level
from households.words import TAGS, TOPICS
from referrals.models import Referral
from referrals.packet import shown
from referrals.states import Status
from risk.models import Flag, Incident, Signal
from risk.rules import is_known
from risk.sentences import sentence

TOLD = frozenset({"households.Participant", "risk.Flag", "risk.Incident", "risk.Signal", "referrals.Referral"})
OF_CHILDREN = ("R-CHILD", "S44", "child_harm")
"""Rules, signals and tags about a child in danger: never told in this way, be there a marker or not. Nobody looks for
a marker here, and whoever told of it must not be found out."""
OF_DANGER = ("R-VIOL", "R-CHILD")
OF_VIOLENCE = ("R-VIOL", "S36", "violence")
"""What is left out besides where a household is protected: it may have been told by who is in danger."""


def _untold(about, code):
    return code in OF_CHILDREN or (about.protected and code in OF_VIOLENCE)


def contacts(about: About) -> list[str]:
    """Day, way, what came up, what was written. Of a household only while the person lived there, and only where the
    person was spoken with, or nobody in particular was; where it is protected, only alone with the person."""
    spoken = defaultdict(set)
    found = list(_contacts_of(about))
    for contact, person in Participant.objects.filter(contact__in=found).values_list("contact", "person"):
        spoken[contact].add(person)
    mine = [one for one in found if _is_theirs(about, spoken[one.pk])]
    added = defaultdict(list)
    facts = {one.fact_id for one in mine}
    for row in Addendum.objects.filter(contact_fact_id__in=facts).order_by("id"):
        added[row.contact_fact_id].append(row.text)
    return [_contact(about, one, added[one.fact_id]) for one in mine]


def _contacts_of(about):
    there = Q(pk__in=[])
    for row in _belonged(about):
        here = Q(household=row.household_id)
        here &= Q(occurred_at__date__gte=row.during.lower) if row.during.lower else Q()
        there |= here & (Q(occurred_at__date__lt=row.during.upper) if row.during.upper else Q())
    return Contact.objects.current().filter(there).select_related("agency").order_by("occurred_at", "id")


def _belonged(about):
    return Membership.objects.current().filter(person=about.person, during__isempty=False).order_by("id")


def _moments(during):
    """A range of days as one of moments, in Seoul."""
    first = day_begins(during.lower) if during.lower else None
    return DateTimeTZRange(first, day_begins(during.upper) if during.upper else None)


def _is_theirs(about, people):
    if about.protected:
        return people == {about.person.pk}
    return not people or about.person.pk in people


def _contact(about, one, added):
    tags = [tag for tag in one.tags if not _untold(about, tag)]
    words = [
        fulltime(one.occurred_at),
        one.get_channel_display(),
        _("met") if one.contact_made else _("not met"),
        ", ".join(str(TOPICS.get(topic, topic)) for topic in one.topics),
        ", ".join(str(TAGS.get(tag, tag)) for tag in tags),
    ]
    if one.level == Level.COUNSELLING and not about.notes:
        words.append(_("a counselling note was written; a counsellor decides whether it is given"))
    else:
        words += [about.veil.text(text) for text in (one.summary, one.seen, *added)]
    return " · ".join(word for word in words if word)


def signals(about: About) -> list[str]:
    """What was sent, by whom, when it was observed and when it ended."""
    rows = Signal.objects.current().filter(person=about.person).select_related("code").order_by("observed_on", "id")
    lines = []
    for row in rows:
        if _untold(about, row.code_id):
            continue
        ended = _("ended %(day)s") % {"day": fullday(row.ended_on)} if row.ended_on else ""
        words = [fullday(row.observed_on), str(row.code), _("from %(source)s") % {"source": row.source}, ended]
        lines.append(" · ".join(word for word in words if word))
    happened = Incident.objects.current().filter(person=about.person).order_by("occurred_on", "id")
    return lines + [f"{fullday(row.occurred_on)} · {row.get_kind_display()} · {row.source}" for row in happened]


def flags_of(about: About):
    """Return the flags about the person, and about the household while it is not protected, the newest first; without
    those about a child in danger, and where it is protected without what may have been told by who is in danger."""
    own = Q(person=about.person)
    if not about.protected:
        homes = Membership.objects.current().during(about.on).filter(person=about.person, kind="living")
        own |= Q(person=None, household__in=homes.order_by().values("household"))
    rows = Flag.objects.filter(own).order_by("-since", "-id")
    return [row for row in rows if is_known(row.rule) and not _untold(about, row.rule)]


def flags(about: About) -> list[str]:
    """The full sentence of each rule that spoke, since when, and when it no longer held."""
    lines = []
    for row in flags_of(about):
        said = about.veil.text(sentence(row.rule, row.evidence, row.since, about.on, language="ko"))
        gone = _("no longer since %(day)s") % {"day": fullday(seoul_day(row.cleared_at))} if row.cleared_at else ""
        lines.append(" · ".join(word for word in (fullday(row.since), said, gone) if word))
    return lines


def referrals(about: About) -> list[str]:
    """What was sent to whom, in the copy as sent; where the household is protected, only what is about the person
    alone."""
    rows = Referral.objects.exclude(status=Status.DRAFT).select_related("from_agency", "to_agency")
    rows = rows.filter(packet__subjects__contains=[about.person.pk]).order_by("sent_at", "id")
    lines = []
    for row in rows:
        if about.protected and row.packet.get("subjects") != [about.person.pk]:
            continue
        sent = fullday(seoul_day(row.sent_at)) if row.sent_at else ""
        words = [row.number, sent, f"{row.from_agency} → {row.to_agency}", str(row.get_need_display())]
        words += [about.veil.text(text) for text in (row.title, row.request)]
        words += [f"{label}: {about.veil.text(text)}" for label, text in shown(row.packet)]
        lines.append(" · ".join(word for word in words if word))
    return lines


def shares(about: About) -> list[str]:
    """To which office the household was shown while the person lived there, why and until when; not where it is
    protected."""
    if about.protected:
        return []
    there = Q(pk__in=[])
    for row in _belonged(about):
        there |= Q(household=row.household_id, during__overlap=_moments(row.during))
    rows = Share.objects.filter(there).select_related("to_agency", "to_user__agency").order_by("id")
    lines = []
    for row in rows:
        to = row.to_agency or (row.to_user.agency if row.to_user else "")
        days = f"{fullday(row.during.lower)} ~ {fullday(row.during.upper)}"
        lines.append(" · ".join([str(to), about.veil.text(row.reason), days]))
    return lines


def looks(about: About) -> list[str]:
    """Which office looked on which days; people are not named. Where a household is protected only the centre that
    answers: another office, a shelter perhaps, would tell where somebody is."""
    rows = AccessLog.objects.filter(subjects__contains=[about.person.pk], agency_id__isnull=False)
    if about.protected:
        rows = rows.filter(agency_id=about.agency)
    seen = rows.annotate(day=TruncDate("at")).order_by("agency_id", "day").values_list("agency_id", "day").distinct()
    days: dict[int, list[str]] = defaultdict(list)
    for agency, day in seen:
        if agency is not None:
            days[agency].append(fullday(day))
    names = {agency.pk: str(agency) for agency in Agency.objects.filter(pk__in=list(days)).order_by("id")}
    return [
        f"{names.get(agency, _('an office that is no more'))}: {', '.join(found)}" for agency, found in days.items()
    ]

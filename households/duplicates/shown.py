"""Two records side by side, as far as the reader may see each: what agrees and what differs, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.templatetags.format import fullday, monthname
from households.beside import guarded
from households.duplicates.alike import Pair
from households.members import names_on
from households.models import (
    Assignment,
    Dwelling,
    Hometown,
    Membership,
    Particulars,
    Person,
    PersonLink,
    Province,
    Responsibility,
    Restriction,
)
from households.models.circle import TODAY

HANDS = ("proposed_by", "linked_by", "ended_by")


@dataclass(frozen=True)
class Record:
    """One person's record. Where the reader keeps no file of it (`seen` is False) only whom to ask is told: `centre`,
    and `worker` where the centre is the reader's own. Behind a violence marker, and where somebody had the use of
    their data stopped, it is called by its number (`guarded`); unseen, not even the centre is told."""

    pk: int
    case_number: str
    seen: bool
    guarded: bool
    name: str
    about: Particulars | None
    household_id: int | None
    province: str
    household: str
    place: str
    centre: str
    worker: str

    @property
    def title(self) -> str:
        """The name, or the case number where the address is protected."""
        return self.case_number if self.guarded else self.name

    @property
    def href(self) -> str:
        return reverse("desks:person", args=[self.case_number])


@dataclass(frozen=True)
class Row:
    """One thing of both records: `same` is True, False, or None where one of them does not say."""

    label: str
    one: str
    two: str
    same: bool | None


def records_of(people: Iterable[int], user: User, on: date) -> dict[int, Record]:
    """Return {person id: Record}; four queries, whatever their number."""
    ids = sorted(set(people))
    rows = list(_rows(ids, user, on))
    seen = [row.pk for row in rows if row.seen]
    names = names_on(seen, on)
    about = {fact.person_id: fact for fact in Particulars.objects.current().filter(person__in=seen).order_by("id")}
    marked = guarded({home for row in rows for home in (*row.homes, *row.linked_homes)})
    hidden = {row.pk for row in rows if row.stopped or marked.intersection((*row.homes, *row.linked_homes))}
    own = user.agency_id
    return {row.pk: _record(row, names, about, row.pk in hidden, own) for row in rows}


def paired(one: Record, two: Record) -> tuple[Record, Record]:
    """Return both as a page of the pair shows them: where one is guarded both are, for the one would name the other."""
    if not (one.guarded or two.guarded):
        return one, two
    return replace(one, guarded=True, place=""), replace(two, guarded=True, place="")


def compared(one: Record, two: Record) -> list[Row]:
    """Return what both records say, thing by thing; nothing where the reader does not see both, no names where one of
    them is guarded."""
    if not (one.seen and two.seen):
        return []
    a, b = one.about, two.about
    one, two = paired(one, two)
    named = [] if one.guarded else [(_("Name"), one.title, two.title)]
    rows = [
        *named,
        (_("Sex"), _sex(a), _sex(b)),
        (_("Born"), _born(a), _born(b)),
        (_("Home province in the North"), one.province, two.province),
        (_("Entered the country"), _day(a.entered_on if a else None), _day(b.entered_on if b else None)),
        (_("First move-in"), _day(a.moved_in_on if a else None), _day(b.moved_in_on if b else None)),
        (_("Household"), one.household, two.household),
        (_("Place"), one.place, two.place),
        (_("Responsible worker"), one.worker, two.worker),
    ]
    return [
        Row(label, left or "–", right or "–", left == right if left and right else None) for label, left, right in rows
    ]


def hands_of(link: PersonLink, one: Record, two: Record, user: User) -> dict[str, str]:
    """Return who proposed, confirmed and ended a link, by step: by name at the reader's own office, else by the office
    alone; and not even by that where a record that the reader does not see is guarded, for it may live there."""
    hidden = (one.guarded or two.guarded) and not (one.seen and two.seen)

    def called(hand: User | None) -> str:
        if hand is None:
            return ""
        if hand.agency_id == user.agency_id:
            return str(hand)
        return _("another office") if hidden or hand.agency is None else str(hand.agency)

    return {step: called(getattr(link, step)) for step in HANDS}


def pair_shown(pair: Pair, records: dict[int, Record]) -> dict[str, Any]:
    """Return one pair for the list: both records and, where both are seen, why they may be one person."""
    both_records = paired(records[pair.one], records[pair.two])
    one, two = sorted(both_records, key=lambda record: (not record.seen, record.pk))
    both = one.seen and two.seen
    return {
        "one": one,
        "two": two,
        "both": both,
        "reasons": pair.words if both else [],
        "rows": compared(one, two),
        "href": reverse("households:duplicate_pair", args=[one.case_number, two.case_number]) if both else "",
    }


def _rows(ids: list[int], user: User, on: date) -> QuerySet[Any]:
    living = Membership.objects.current().filter(person=OuterRef("pk"), kind="living", during__isempty=False)
    home = living.order_by("-during").values("household")[:1]
    kept = Person.objects.kept_by(user).filter(pk__in=ids).order_by().values("pk")
    language = "name_en" if get_language() == "en" else "name_ko"
    duty = Responsibility.objects.current().filter(household=OuterRef("home_id"), during__contains=on)
    work = Assignment.objects.current().filter(household=OuterRef("home_id"), during__contains=on, kind="main")
    place = Dwelling.objects.current().filter(household=OuterRef("home_id"), during__contains=on)
    seen = Case(When(pk__in=kept, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = Person.objects.filter(pk__in=ids).order_by("pk").annotate(seen=seen, home_id=Subquery(home))
    # As `members.marked_among`: every home the person ever had, and those of a second record that is linked.
    ever = Membership.objects.current().filter(during__isempty=False).order_by()
    stopped = Restriction.objects.current().during(TODAY).people()
    hometown = Hometown.objects.current().filter(person=OuterRef("pk")).order_by()
    return rows.annotate(
        province=Subquery(hometown.values("province")[:1]),
        homes=ArraySubquery(ever.filter(person=OuterRef("pk")).values("household")),
        linked_homes=ArraySubquery(ever.filter(_linked_to("pk")).values("household")),
        stopped=Case(When(pk__in=stopped, then=Value(True)), default=Value(False), output_field=BooleanField()),
        home=Subquery(living.order_by("-during").values("household__number")[:1]),
        centre_id=Subquery(duty.order_by().values("center")[:1]),
        centre=Subquery(duty.order_by().values(f"center__{language}")[:1]),
        worker=Subquery(work.order_by().values("worker__name")[:1]),
        place=Subquery(place.order_by().annotate(words=F("district__name")).values("words")[:1]),
    )


def _linked_to(person: str) -> Q:
    """Whether a membership is of a record that is linked to the one in the column `person`."""
    links = PersonLink.objects.standing().order_by()
    here = OuterRef(OuterRef(person))
    return Q(person__in=links.filter(person=here).values("duplicate")) | Q(
        person__in=links.filter(duplicate=here).values("person")
    )


def _record(row: Any, names: dict[int, str], about: dict[int, Any], hidden: bool, own: int | None) -> Record:
    return Record(
        pk=row.pk,
        case_number=row.case_number if row.seen else "",
        seen=row.seen,
        guarded=hidden,
        name=names.get(row.pk, row.case_number) if row.seen else "",
        about=about.get(row.pk),
        household_id=row.home_id,
        province=str(Province(row.province).label) if row.seen and row.province else "",
        household=(row.home or "") if row.seen else "",
        place=(row.place or "") if row.seen and not hidden else "",
        centre=(row.centre or "") if row.seen or not hidden else "",
        worker=(row.worker or "") if row.centre_id == own and (row.seen or not hidden) else "",
    )


def _sex(about: Particulars | None) -> str:
    return str(about.get_sex_display()) if about and about.sex != Particulars.Sex.UNKNOWN else ""


def _born(about: Particulars | None) -> str:
    if not about or not about.birth_on:
        return ""
    if about.birth_precision == Particulars.Precision.YEAR:
        return pgettext("born in the year", "%(year)s") % {"year": about.birth_on.year}
    month = about.birth_precision == Particulars.Precision.MONTH
    return str(monthname(about.birth_on) if month else fullday(about.birth_on))


def _day(day: date | None) -> str:
    return str(fullday(day)) if day else ""

"""Agencies and the people who work there. Districts are reference data: `district("서울 관악구")` finds one."""

from datetime import UTC, datetime, time

import factory
from django.contrib.auth.models import Group
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from casework.agencies.models import Agency, District, Jurisdiction, Kind, RoleGrant, User
from casework.clock import SEOUL

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "사례관리-연습-2026"


def district(name):
    """Return the 시·군·구 written as `서울 관악구`."""
    sido, _, own = name.partition(" ")
    return District.objects.get(parent__short=sido, name=own)


class AgencyFactory(factory.django.DjangoModelFactory):
    """An agency with its group; `covers` names its districts: `covers=["서울 관악구"]`."""

    kind = Kind.HANA_CENTER
    name_ko = factory.Sequence(lambda n: f"시험 기관 {n}")
    name_en = factory.Sequence(lambda n: f"Test agency {n}")
    group = factory.LazyAttribute(lambda agency: Group.objects.create(name=agency.name_ko))

    class Meta:
        model = Agency
        skip_postgeneration_save = True

    @factory.post_generation
    def covers(self, create, names, **kwargs):
        for name in names or ():
            place = name if isinstance(name, District) else district(name)
            Jurisdiction.objects.create(agency=self, district=place, during=DateRange(None, None))


class CentreFactory(AgencyFactory):
    """A Hana Center."""

    name_ko = factory.Sequence(lambda n: f"시험 하나센터 {n}")


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who works at `agency` as `role` (a code of `roles.ROLES`; "" gives none).

    `role__until` ends the grant; `password=True` gives the password PASSWORD, which costs half a second.
    """

    username = factory.Sequence(lambda n: f"worker{n}")
    name = factory.Sequence(lambda n: f"김일꾼{n}")
    agency = factory.SubFactory(CentreFactory)
    password = "!"

    class Meta:
        model = User
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model, *, password, **fields):
        user = model(password="!", **fields)
        if password is True:
            user.set_password(PASSWORD)
        user.save()
        return user

    @factory.post_generation
    def role(self, create, code, until=None, **kwargs):
        if code != "":
            give(self, code or "case_manager", until=until)


def give(user, role, *, until=None):
    """Grant `role` to `user`, since long ago, until a moment or for good."""
    user.__dict__.pop("_words", None)
    return RoleGrant.objects.create(
        user=user,
        role=role,
        granted_by=User.objects.system(),
        reason="시험",
        during=DateTimeTZRange(LONG_AGO, until),
    )


def day_at(day, hour=9, minute=0):
    """Return a moment of a Seoul day."""
    return datetime.combine(day, time(hour, minute), tzinfo=SEOUL)

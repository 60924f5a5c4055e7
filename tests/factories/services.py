"""Services of agencies, as the directory lists them."""

from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from referrals.models import Service
from tests.factories.agencies import district
from tests.factories.referrals import OfficeFactory

WEEK = "mon 09:00-18:00, tue 09:00-18:00, wed 09:00-18:00, thu 09:00-18:00, fri 09:00-18:00"


class ServiceFactory(factory.django.DjangoModelFactory):
    """A service in force; `covers` names its districts: `covers=["서울 관악구"]` (none: all of its agency's)."""

    agency = factory.SubFactory(OfficeFactory)
    need = "livelihood"
    name_ko = factory.Sequence(lambda n: f"긴급 생계지원 {n}")
    name_en = factory.Sequence(lambda n: f"Emergency support {n}")
    who_ko = "갑자기 소득이 끊긴 가구"
    who_en = "Households whose income stopped suddenly"
    bring_ko = "신분증, 통장 사본"
    channels = ["visit", "phone"]
    phone = "02-000-0000"
    address = "서울 관악구 시험로 1"
    hours = WEEK
    during = DateRange(date(2024, 1, 1), None)

    class Meta:
        model = Service
        skip_postgeneration_save = True

    @factory.post_generation
    def covers(self, create, names, **kwargs):
        self.districts.set([district(name) for name in names or ()])

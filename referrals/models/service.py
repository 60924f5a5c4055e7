"""A service: what an agency can do for somebody, who may get it, what to bring, where, when and how to reach it."""

import uuid

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Closure, District, Jurisdiction, Kind
from casework.agencies.roles import May, agency_of, granted
from casework.clock import Holiday
from referrals.directory import hours
from referrals.states import NEEDS

NATIONAL = (Kind.FOUNDATION, Kind.MINISTRY, Kind.HANAWON)


class Channel(models.TextChoices):
    VISIT = "visit", _("Visit")
    PHONE = "phone", _("Telephone")
    ONLINE = "online", _("Online")
    POST = "post", _("By post")


class ServiceQuerySet(models.QuerySet):
    def in_force(self, on):
        """Return the services that are offered on a day."""
        return self.filter(during__contains=on)

    def covering(self, district, *, on):
        """Return those for people of a district (its id; of a province: of any part of it) on a day.

        A service without districts of its own is for the whole jurisdiction of its agency; that of a national body
        for everybody.
        """
        near = District.objects.filter(Q(pk=district) | Q(parts=district) | Q(parent=district)).order_by().values("pk")
        own = Service.districts.through.objects.filter(service=OuterRef("pk"))
        held = Jurisdiction.objects.filter(agency=OuterRef("agency"), during__contains=on, district__in=near)
        whole = ~Exists(own) & (Exists(held) | Q(agency__kind__in=NATIONAL))
        return self.filter(Exists(own.filter(district__in=near)) | whole)

    def kept_by(self, user):
        """Return those that the user may change: of the own agency for who receives there, all for administrators."""
        own = Q(Exists(granted(May.RECEIVE, user)), agency=agency_of(user))
        return self.filter(own | Q(Exists(granted(May.ADMINISTER, user))))

    def with_open(self, on):
        """Annotate `open_today`: whether the hours name the weekday of `on`, and it is no holiday or closed day."""
        day = hours.DAYS[on.weekday()]
        closed = Closure.objects.filter(agency=OuterRef("agency"), day=on)
        works = Q(hours__contains=f"{day} ") & ~Exists(Holiday.objects.filter(day=on)) & ~Exists(closed)
        return self.annotate(open_today=Case(When(works, then=True), default=False, output_field=models.BooleanField()))

    def shown(self):
        """Bring along what a page shows of each, in two queries."""
        areas = Prefetch("districts", District.objects.select_related("parent").order_by("code"))
        return self.select_related("agency").prefetch_related(areas)


@pghistory.track()
class Service(models.Model):
    """One service of one agency, offered on the days of `during`. `uid` names it towards other directories.

    Texts stand in Korean and may stand in English; `hours` is a line of `directory.hours`. `capacity` is how many can
    be taken, as said on `capacity_on`; None where nobody said. The districts are kept in the Event of each change.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="services", verbose_name=_("Agency"))
    need = models.CharField(_("What it helps with"), max_length=20, choices=NEEDS)
    name_ko = models.CharField(_("Name of the service"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)
    who_ko = models.TextField(_("Who may get it"), max_length=1000)
    who_en = models.TextField(_("Who may get it, in English"), max_length=1500, blank=True)
    bring_ko = models.TextField(_("What to bring"), max_length=1000, blank=True)
    bring_en = models.TextField(_("What to bring, in English"), max_length=1500, blank=True)
    guidance_ko = models.TextField(_("Guidance"), max_length=2000, blank=True)
    guidance_en = models.TextField(_("Guidance in English"), max_length=3000, blank=True)
    districts = models.ManyToManyField("agencies.District", blank=True, related_name="+", verbose_name=_("Districts"))
    capacity = models.PositiveIntegerField(_("How many can be taken"), null=True, blank=True)
    capacity_on = models.DateField(_("As said on"), null=True, blank=True)
    hours = models.CharField(max_length=200, blank=True, validators=[hours.check])
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), verbose_name=_("How to ask"))
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    url = models.URLField(_("Web address"), blank=True)
    during = DateRangeField(_("Offered"))
    source = models.CharField(max_length=80, blank=True, help_text="Who stated it; empty: the agency itself")
    unofficial = models.BooleanField(default=False, help_text="Not taken from the agency or an official list")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["need", "name_ko", "id"]
        constraints = [
            ExclusionConstraint(
                name="service_listed_once",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("need", RangeOperators.EQUAL),
                    ("name_ko", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This agency already lists this service on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__startswith__isnull=False), name="service_begins"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None, capacity_on=None) | Q(capacity__isnull=False, capacity_on__isnull=False),
                name="service_capacity_with_its_day",
                violation_error_message=_("A number of places needs the day on which it was said."),
            ),
            models.CheckConstraint(
                condition=Q(hours__regex=hours.LINE),
                name="service_hours_are_hours",
                violation_error_message=_("Please write the hours like mon 09:00-18:00, tue 09:00-18:00."),
            ),
            models.CheckConstraint(
                condition=Q(channels__len__gt=0, channels__contained_by=Channel.values),
                name="service_can_be_asked",
                violation_error_message=_("Please say how the service is asked for."),
            ),
            models.CheckConstraint(
                condition=~Q(channels__contains=[Channel.PHONE]) | ~Q(phone=""),
                name="service_phone_when_by_phone",
                violation_error_message=_("Asked for by telephone: please give the number."),
            ),
            models.CheckConstraint(
                condition=~Q(channels__overlap=[Channel.VISIT, Channel.POST]) | ~Q(address=""),
                name="service_address_when_visited",
                violation_error_message=_("Asked for by visit or by post: please give the address."),
            ),
            models.CheckConstraint(
                condition=~Q(channels__contains=[Channel.ONLINE]) | ~Q(url=""),
                name="service_url_when_online",
                violation_error_message=_("Asked for online: please give the web address."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name in the language in force."""
        return self._spoken("name")

    @property
    def who(self):
        """Who may get it, in the language in force."""
        return self._spoken("who")

    @property
    def bring(self):
        """What to bring, in the language in force."""
        return self._spoken("bring")

    @property
    def guidance(self):
        """The guidance in the language in force."""
        return self._spoken("guidance")

    @property
    def said_hours(self):
        """The opening hours as people read them."""
        return hours.spoken(self.hours)

    @property
    def said_channels(self):
        """How it is asked for, in words."""
        return [str(label) for value, label in Channel.choices if value in self.channels]

    def _spoken(self, field):
        korean = getattr(self, f"{field}_ko")
        return korean if get_language() != "en" else getattr(self, f"{field}_en") or korean

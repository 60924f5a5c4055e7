"""A concern (제보): what somebody outside told us about a person who may need help, and what the centre did with it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import DateTimeField, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.models import Contact, Household
from households.models.conflict import barred_from
from referrals.concerns import clocks
from referrals.concerns.workflow import CONCERN, FOLLOWED, ConcernStatus
from referrals.models.referral import Referral

CONCERN_GROUPS = (4, 4)


def new_concern_number():
    """Return a random number with a check digit, such as "C-7QX4-1DTM-5"."""
    return f"C-{make_number(CONCERN_GROUPS)}"


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A concern is seen by who took it down, by those who decide over the work of the centre that has it before
        it, by the worker who was named for the contact, and, once a household is found, by those of that centre who may
        see the household. What became of it is for that centre alone; who told us, for who took it down and for those
        who decide."""
        here = Q(centre=agency_of(user))
        theirs = Q(household__in=Household.objects.visible_to(user).order_by().values("pk"))
        inside = Exists(granted(May.ASSIGN, user)) | Q(worker=user.pk) | theirs
        seen = self.filter(Q(taken_by=user.pk) | (here & inside))
        return seen.exclude(household__in=barred_from(user))

    def decided_by(self, user):
        """Return those that wait for, or went through, the user's decision: the centre's, where the user decides."""
        return self.filter(Exists(granted(May.ASSIGN, user)), centre=agency_of(user))

    def waiting(self):
        """Return those that nobody has looked at."""
        return self.filter(status=ConcernStatus.WAITING)

    def with_followed(self):
        """Say of each decision when it was followed: a contact that was made, or a referral that was sent, since."""
        met = Contact.objects.current().filter(
            household=OuterRef("household"), contact_made=True, occurred_at__gte=OuterRef("answered_at")
        )
        asked = Referral.objects.filter(household=OuterRef("household"), sent_at__gte=OuterRef("answered_at"))
        first_met = met.order_by().values("household").annotate(first=Min("occurred_at")).values("first")
        first_asked = asked.order_by().values("household").annotate(first=Min("sent_at")).values("first")
        return self.annotate(
            followed_at=models.Case(
                models.When(status=ConcernStatus.CONTACT, then=Subquery(first_met)),
                models.When(status=ConcernStatus.REFERRAL, then=Subquery(first_asked)),
                output_field=DateTimeField(),
            )
        )

    def owed(self):
        """Return the decisions that nothing followed yet; a row of `with_followed`."""
        return self.filter(status__in=FOLLOWED, followed_at=None)

    def overdue(self, *, now):
        """Return those that nobody looked at in time."""
        return self.filter(clocks.overdue(now))


@pghistory.track()
class Concern(models.Model):
    """One concern as it was told. Its status changes only through `concerns.workflow.CONCERN`.

    `seen_on` is the day of what was seen, `taken_at` when we were told; `waits_since` when it last came before the
    centre. `told_by` says how to reach who told us, where they agree to it: never asked for, never shown further.
    """

    class Way(models.TextChoices):
        CALL_CENTRE = "call_centre", _("Call centre")
        GROUP = "group", _("Defector group")
        NEIGHBOUR = "neighbour", _("Neighbour")
        KIN = "kin", _("Family or friend")
        OFFICE = "office", _("Another office")
        OTHER = "other", _("Somebody else")

    number = models.CharField(max_length=14, unique=True, default=new_concern_number, editable=False)
    way = models.CharField(_("Who told us"), max_length=12, choices=Way)
    told_by = models.CharField(max_length=120, blank=True)
    heard_name = models.CharField(max_length=60, blank=True)
    heard_phone = models.CharField(max_length=20, blank=True)
    heard_place = models.CharField(max_length=200, blank=True)
    district = models.ForeignKey("agencies.District", models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000)
    urgent = models.BooleanField(default=False)
    seen_on = models.DateField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    centre = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    waits_since = models.DateTimeField()
    status = models.CharField(max_length=10, choices=ConcernStatus, default=ConcernStatus.WAITING, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="concerns")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="again")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True, help_text="of the last step that asks for one")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("concern", author="taken_by"),
            models.CheckConstraint(
                condition=~Q(status__in=FOLLOWED) | Q(household__isnull=False, answered_at__isnull=False),
                name="concern_followed_for_a_household",
                violation_error_message=_("Please choose the household first."),
            ),
            models.CheckConstraint(
                condition=~Q(status=ConcernStatus.CONTACT) | Q(worker__isnull=False, due_on__isnull=False),
                name="concern_contacted_by_somebody",
                violation_error_message=_("Please say who contacts them, and by which day."),
            ),
            models.CheckConstraint(
                condition=Q(status=ConcernStatus.SAME, same_as__isnull=False)
                | (~Q(status=ConcernStatus.SAME) & Q(same_as=None)),
                name="concern_joined_with_another",
            ),
            models.CheckConstraint(
                condition=~Q(same_as=F("id")),
                name="concern_not_its_own",
                violation_error_message=_("A concern cannot be joined with itself."),
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "status"], name="concern_before"),
            models.Index(fields=["district", "taken_at"], name="concern_place"),
        ]
        triggers = [CONCERN.trigger()]

    def __str__(self):
        return self.number

"""Two records of one person, linked and not merged: nothing is moved, so that one step brings everything back."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.landing import landed_once
from households.duplicates.workflow import LINK, OPEN, LinkStatus
from households.models.person import Person

# Of records that are linked one is kept, and the others point at it: never at one that points on.
NO_CHAINS = pgtrigger.Trigger(
    name="no_chains",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF EXISTS (
            SELECT FROM households_personlink held
            WHERE held.status IN ('proposed', 'linked')
                AND (held.duplicate_id = NEW.person_id OR held.person_id = NEW.duplicate_id)
        ) THEN
            RAISE EXCEPTION 'Links make no chains.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class PersonLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A link is seen by whoever keeps the file of one of the two persons: the workers and supervisors of the centre
        that answers for the household, no share. It opens nothing: of the other record the page says what the user sees
        of it anyway, and else only that it exists and whom to ask. Another agency sees no link at all."""
        seen = Person.objects.kept_by(user).order_by().values("pk")
        return self.filter(Q(person__in=seen) | Q(duplicate__in=seen))

    def standing(self):
        """Return the links that hold."""
        return self.filter(status=LinkStatus.LINKED)

    def waiting_or_standing(self):
        """Return what is proposed or holds."""
        return self.filter(status__in=OPEN)


@pghistory.track()
class PersonLink(models.Model):
    """`duplicate` is a second record of `person`, whose record is kept. Its status changes only through
    `duplicates.workflow.LINK`; while it is linked, what follows it and what does not stands in docs/adr/0025.

    It holds from `linked_at` to `ended_at`: the two days of a fact, of which a sweep of the past asks what was known.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="links")
    duplicate = models.ForeignKey(Person, models.PROTECT, related_name="linked_to")
    reason = models.CharField(_("Why they are one person"), max_length=300)
    status = models.CharField(max_length=10, choices=LinkStatus, default=LinkStatus.PROPOSED, editable=False)
    needs_second = models.BooleanField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    linked_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    may_only_end = ("status", "linked_by_id", "linked_at", "ended_by_id", "ended_at", "ended_why")
    objects = PersonLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        triggers = [LINK.trigger(), NO_CHAINS]
        constraints = [
            landed_once("person_link", author="proposed_by"),
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(status__in=OPEN),
                name="one_open_link_of_a_duplicate",
                violation_error_message=_("This record is linked already, or a link of it is proposed."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("duplicate")),
                name="linked_to_another_record",
                violation_error_message=_("A record is not linked to itself."),
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(linked_by=None) | ~Q(linked_by=F("proposed_by")),
                name="link_needs_second_person",
                violation_error_message=_("Somebody else than who proposed the link confirms it."),
            ),
            models.CheckConstraint(
                condition=Q(linked_by=None, linked_at=None, status__in=["proposed", "declined"])
                | Q(linked_by__isnull=False, linked_at__isnull=False, status__in=["linked", "undone"]),
                name="link_confirmed_at",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None, status__in=OPEN)
                | (Q(ended_by__isnull=False, ended_at__isnull=False, status__in=["declined", "undone"])),
                name="link_ended_at",
            ),
        ]

    def __str__(self):
        return f"{self.duplicate} → {self.person}"

    @property
    def records(self):
        """The ids of both records."""
        return (self.person_id, self.duplicate_id)


def either_record(people):
    """Return the keys of `people` (a queryset of keys) and of the records that are linked to one of them: one union, so
    that whatever asks for them goes by its index and reads no table whole."""
    linked = PersonLink.objects.standing().order_by()
    ours, theirs = linked.filter(person__in=people), linked.filter(duplicate__in=people)
    return people.union(ours.values("duplicate"), theirs.values("person"), all=True)


class PersonsApartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That two records were found to be of two people is seen by whoever keeps the file of both."""
        seen = Person.objects.kept_by(user).order_by().values("pk")
        return self.filter(one__in=seen, two__in=seen)


class PersonsApart(models.Model):
    """Somebody looked at two records that look alike and found two people, and why. It holds until a name, the
    particulars or a telephone number of either changes; then the pair is shown again."""

    append_only = True

    one = models.ForeignKey(Person, models.PROTECT, related_name="+")
    two = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(_("Why they are two people"), max_length=300)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PersonsApartQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("two")), name="apart_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="apart_with_reason"),
        ]

    def __str__(self):
        return f"{self.one} ≠ {self.two}"

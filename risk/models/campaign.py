"""A survey campaign: who is asked, frozen on a day; and what each household answered."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, agency_of, granted
from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import BesideHouseholdQuerySet, OfHouseholdQuerySet
from households.models.circle import OfHousehold
from households.models.closing import Closing
from risk.bands import Band
from risk.campaigns.states import CAMPAIGN, CampaignStatus


class Need(models.TextChoices):
    """The ten domains of need of the integrated case-management form (통합사례관리 욕구영역)."""

    SAFETY = "safety", pgettext_lazy("need", "Safety")
    HEALTH = "health", pgettext_lazy("need", "Health")
    DAILY = "daily", pgettext_lazy("need", "Daily life")
    FAMILY = "family", pgettext_lazy("need", "Family relations")
    SOCIAL = "social", pgettext_lazy("need", "Social relations")
    ECONOMIC = "economic", pgettext_lazy("need", "Money")
    EDUCATION = "education", pgettext_lazy("need", "Education")
    WORK = "work", pgettext_lazy("need", "Work")
    HOUSING = "housing", pgettext_lazy("need", "Living environment")
    LEGAL = "legal", pgettext_lazy("need", "Law and rights")


class Helper(models.TextChoices):
    """Whose help was arranged: the parties that the published result of 2019 counts."""

    CENTRE = "centre", pgettext_lazy("helper", "Hana Center")
    FOUNDATION = "foundation", pgettext_lazy("helper", "Hana Foundation")
    LOCAL = "local", pgettext_lazy("helper", "Local government")
    PRIVATE = "private", pgettext_lazy("helper", "Private organisation")


class OutOfScope(models.TextChoices):
    """Why a household that the filter names is not asked: as in 2019, it is looked after or earns already; or nobody
    lives there any more, and then it is no part of the population either."""

    BENEFIT = "benefit", _("Receives the livelihood or medical benefit")
    JOB = "job", _("Somebody has a regular job")
    EMPTY = "empty", _("Nobody lives there any more")


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A running or closed survey of everybody is seen by those who see figures and by every centre; a centre's own
        only in that centre. A draft is seen only where it may be changed: a centre's in the centre, everybody's by
        those outside the centres who open surveys."""
        opens, centre = granted(May.SURVEY, user), granted(May.SEE_CENTRE, user)
        works, counts = granted(May.SEE_CASELOAD, user), granted(May.SEE_FIGURES, user)
        begun = Q(status__in=[CampaignStatus.RUNNING, CampaignStatus.CLOSED])
        ours = Q(agency=agency_of(user)) & Q(Exists(works)) & (begun | Q(Exists(opens)))
        of_everybody = Q(agency=None) & (begun & (Q(Exists(works)) | Q(Exists(counts))))
        drafts_of_everybody = Q(agency=None) & Q(Exists(opens)) & ~Q(Exists(centre))
        return self.filter(ours | of_everybody | drafts_of_everybody)

    def running(self):
        return self.filter(status=CampaignStatus.RUNNING)


@pghistory.track()
class Campaign(models.Model):
    """A survey of the households that `criteria` names (`risk.campaigns.population.Criteria`), frozen on a day.

    `agency`: the centre whose households they are, None for everybody's. `reply_by`: its own limit, the last day.
    """

    name = models.CharField(_("Name of the survey"), max_length=80)
    purpose = models.TextField(_("What it is for"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False)
    criteria = models.JSONField(default=dict)
    reply_by = models.DateField(_("Last day"))
    status = models.CharField(
        max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT, editable=False, db_index=True
    )
    frozen_on = models.DateField(null=True)
    frozen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    population = models.PositiveIntegerField(null=True, help_text="households counted when it was frozen")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("campaign"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "discarded"])
                | Q(frozen_on__isnull=False, frozen_at__isnull=False, population__isnull=False),
                name="campaign_frozen_whole",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose=""), name="campaign_says_what_for"),
        ]
        triggers = [CAMPAIGN.trigger()]

    def __str__(self):
        return self.name


class CampaignHouseholdQuerySet(BesideHouseholdQuerySet):
    def visible_to(self, user):
        """That a household is asked is seen by whoever may see the household."""
        return super().visible_to(user)

    def unanswered(self):
        """Return those that are to be asked and have not answered yet; whose case was closed since, is asked again once
        it is reopened."""
        answers = CampaignAnswer.objects.current().filter(
            campaign=models.OuterRef("campaign"), household=models.OuterRef("household")
        )
        closed = Closing.objects.in_force().filter(household=models.OuterRef("household")).order_by()
        return self.filter(~Exists(answers), ~Exists(closed), in_scope=True)

    def answered(self):
        """Return those that have answered."""
        answers = CampaignAnswer.objects.current().filter(
            campaign=models.OuterRef("campaign"), household=models.OuterRef("household")
        )
        return self.filter(Exists(answers))


class CampaignHousehold(models.Model):
    """A household that the filter named on the day of freezing, with its centre and band, and whether it is asked."""

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="households", db_index=False)
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", db_index=False)
    center = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False)
    band = models.PositiveSmallIntegerField(choices=Band)
    in_scope = models.BooleanField()
    out_reason = models.CharField(max_length=8, choices=OutOfScope, blank=True)

    objects = CampaignHouseholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "household"], name="asked_once_in_a_campaign"),
            models.CheckConstraint(
                condition=Q(in_scope=True, out_reason="") | (Q(in_scope=False) & ~Q(out_reason="")),
                name="out_of_scope_says_why",
            ),
        ]
        indexes = [models.Index(fields=["household"], name="campaign_house")]


class CampaignAnswerQuerySet(OfHouseholdQuerySet):
    def visible_to(self, user):
        """What a household answered is seen by whoever may see the household."""
        return super().visible_to(user)


class CampaignAnswer(OfHousehold):
    """The closed questions of one household, and the contact in which they were answered; corrected by a version."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="answers", db_index=False)
    contact_fact_id = models.BigIntegerField()
    needs = ArrayField(models.CharField(max_length=10, choices=Need), default=list)
    in_crisis = models.BooleanField()
    services = ArrayField(models.CharField(max_length=10, choices=Helper), default=list)
    client_key = models.UUIDField()

    objects = CampaignAnswerQuerySet.as_manager()

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("campaign_answer"),
            models.UniqueConstraint(
                fields=["campaign", "household"],
                condition=Q(superseded_at=None),
                name="answered_once",
                violation_error_message=_("This household has answered already."),
            ),
            models.CheckConstraint(
                condition=Q(needs__contained_by=Need.values),
                name="needs_are_known",
                violation_error_message=_("Choose the needs from the list."),
            ),
            models.CheckConstraint(
                condition=Q(services__contained_by=Helper.values),
                name="helpers_are_known",
                violation_error_message=_("Choose from the list whose help was arranged."),
            ),
        ]
        indexes = [models.Index(fields=["household"], name="campaign_answer_house")]

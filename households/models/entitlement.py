"""Entitlements: the catalogue as dated versions that two officers make, and what a person applied for and got."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import one_version
from casework.landing import landed_once
from households.entitlements.workflow import ENTITLEMENT, OPEN, VersionStatus
from households.models.base import OfPersonQuerySet
from households.models.circumstance import Benefit
from households.models.person import OfPerson

# What was read by two people is what stands: content changes only together with the step to draft, and never after.
CONTENT_STANDS = pgtrigger.Trigger(
    name="content_stands",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        IF OLD.status IN ('approved', 'discarded')
            OR NEW.entitlement_id <> OLD.entitlement_id
            OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id
            OR (NEW.status <> 'draft' AND
                to_jsonb(NEW) - '{status,starts_on,decided_by_id,decided_at,discarded_because}'::text[]
                <> to_jsonb(OLD) - '{status,starts_on,decided_by_id,decided_at,discarded_because}'::text[]) THEN
            RAISE EXCEPTION 'What is proposed changes only while it is a draft.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class Section(models.TextChoices):
    """The part of the catalogue; `LINE` is a reference amount by which others are measured, and entitles nobody."""

    SETTLEMENT = "settlement", _("Settlement money")
    HOUSING = "housing", _("Housing support")
    EMPLOYMENT = "employment", _("Employment support")
    EDUCATION = "education", _("Education support")
    SOCIAL = "social", _("Social security")
    FOUNDATION = "foundation", _("Support by the Hana Foundation")
    LINE = "line", _("Reference amounts")


class Whom(models.TextChoices):
    """Who is entitled: each person, or the household once."""

    PERSON = "person", _("Each person")
    HOUSEHOLD = "household", _("The household once")


class Rests(models.TextChoices):
    """What the criteria rest on."""

    OFFICIAL = "official", _("Law or published rule")
    OWN = "own", _("Our own reading")
    UNOFFICIAL = "unofficial", _("Unofficial source")


class Entitlement(models.Model):
    """One entry of the catalogue: what stays the same while its versions change."""

    append_only = True

    code = models.CharField(max_length=24, unique=True)
    section = models.CharField(max_length=12, choices=Section)
    whom = models.CharField(max_length=10, choices=Whom, default=Whom.PERSON)
    benefit = models.CharField(
        max_length=12, choices=Benefit, blank=True, help_text="whose state is a Circumstance, and is not kept twice"
    )
    position = models.PositiveSmallIntegerField(default=1000)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self):
        return self.code


class EntitlementVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever is logged in reads what was approved; it says nothing of anybody. What is being drawn up, and what
        was discarded, is read by those who keep the catalogue."""
        keepers = granted(May.KEEP_ENTITLEMENTS, user)
        return self.filter(Q(status=VersionStatus.APPROVED) | models.Exists(keepers))

    def standing(self, *, on, known_by=None):
        """Return the version of each entitlement in force on the day `on`, by what was approved by `known_by`: the
        latest to begin, and of two that begin on one day the one approved last. What ended by then is left out."""
        found = self.filter(status=VersionStatus.APPROVED, starts_on__lte=on)
        if known_by is not None:
            found = found.filter(Q(decided_at=None) | Q(decided_at__lte=known_by))
        latest = found.order_by("entitlement_id", "-starts_on", F("decided_at").desc(nulls_last=True), "-id")
        keys = latest.distinct("entitlement_id").values("pk")
        return self.filter(pk__in=keys, off=False).select_related("entitlement").order_by("entitlement__position", "pk")

    def open(self):
        """Return what is being drawn up or waits for approval."""
        return self.filter(status__in=OPEN)


class EntitlementVersion(models.Model):
    """What an entitlement asks for and gives from `starts_on` until the next version begins.

    `criteria`: list of objects, as `households.entitlements.vocabulary.validated` returns them. `amounts`: list of
    {words_ko, words_en, krw, per, least, most, mark, source}; `krw` is won, or null where no amount was found; `least`
    and `most` are sizes of the household. Versions of the first catalogue have no proposer. Never changed once
    approved. `off`: from that day there is nothing to be entitled to.
    """

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="versions")
    name_ko = models.CharField(_("Name in Korean"), max_length=80)
    name_en = models.CharField(_("Name in English"), max_length=120)
    decides_ko = models.CharField(_("Who decides, in Korean"), max_length=120)
    decides_en = models.CharField(_("Who decides, in English"), max_length=160)
    apply_ko = models.CharField(_("Where to apply, in Korean"), max_length=160, blank=True)
    apply_en = models.CharField(_("Where to apply, in English"), max_length=200, blank=True)
    note_ko = models.CharField(_("Remark in Korean"), max_length=300, blank=True)
    note_en = models.CharField(_("Remark in English"), max_length=400, blank=True)
    article = models.CharField(_("Article"), max_length=160, blank=True)
    source = models.CharField(_("Source"), max_length=300)
    rests = models.CharField(_("The criteria rest on"), max_length=10, choices=Rests, default=Rests.OWN)
    criteria = models.JSONField(default=list)
    amounts = models.JSONField(default=list)
    counts_missed = models.BooleanField(_("Not applied for although likely: a hint of R-BEN-MISS"), default=False)
    off = models.BooleanField(_("Ends: from that day nobody is entitled"), default=False)
    why = models.TextField(_("Why"), blank=True)
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT, editable=False)
    starts_on = models.DateField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    discarded_because = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = EntitlementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("entitlement_version", author="proposed_by"),
            models.UniqueConstraint(
                fields=["entitlement"],
                condition=Q(status__in=sorted(OPEN)),
                name="one_open_version_of_an_entitlement",
                violation_error_message=_("A new version of this entitlement is being drawn up already."),
            ),
            models.CheckConstraint(
                condition=~Q(status=VersionStatus.APPROVED)
                | Q(starts_on__isnull=False)
                & (
                    Q(proposed_by=None, decided_by=None)
                    | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by")))
                ),
                name="entitlement_approved_by_a_second",
                violation_error_message=_("Whoever drew it up cannot approve it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=VersionStatus.DISCARDED) | ~Q(discarded_because=""),
                name="entitlement_discarded_with_reason",
                violation_error_message=_("Write why it is discarded."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="entitlement_names_its_source",
                violation_error_message=_("Name the source: a law with its article, a notice, a page with its date."),
            ),
        ]
        triggers = [
            ENTITLEMENT.trigger(),
            CONTENT_STANDS,
            pgtrigger.Protect(
                name="kept_for_good", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__status="approved")
            ),
        ]

    def __str__(self):
        return f"{self.entitlement.code} · {self.name}"

    def _said(self, name):
        return getattr(self, f"{name}_en" if get_language() == "en" else f"{name}_ko")

    @property
    def name(self):
        """The name in the language of the page."""
        return self._said("name")

    @property
    def decides(self):
        """Who decides."""
        return self._said("decides")

    @property
    def apply(self):
        """Where to apply."""
        return self._said("apply")

    @property
    def note(self):
        """The remark."""
        return self._said("note")


class EntitlementStepQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """What somebody applied for is seen like the person's other facts, by whoever may see one of the person's
        households."""
        return super().visible_to(user)


class EntitlementStep(OfPerson):
    """What came of an entitlement for one person: applied for, granted, refused; the latest statement counts.

    The four basic benefits and what stands beside them are Circumstances ("benefit") and are not kept here again.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied, not yet decided")
        GRANTED = "granted", pgettext_lazy("entitlement", "Granted")
        REFUSED = "refused", pgettext_lazy("entitlement", "Refused")
        ENDED = "ended", pgettext_lazy("entitlement", "Ended")
        NOT_WANTED = "not_wanted", _("Does not want it")

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State)
    stated_on = models.DateField()
    until_on = models.DateField(null=True)
    amount_krw = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=80, blank=True)
    client_key = models.UUIDField(null=True)

    objects = EntitlementStepQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("entitlement_step"),
            landed_once("entitlement_step", versions=True),
            models.CheckConstraint(
                condition=Q(until_on=None) | (Q(state="granted") & Q(until_on__gte=F("stated_on"))),
                name="entitlement_granted_until",
                violation_error_message=_("A last day is told only of what was granted, and lies after the grant."),
            ),
        ]
        indexes = [models.Index("person", "entitlement", F("stated_on").desc(), name="entitlement_step_person")]

    def __str__(self):
        return f"{self.get_state_display()} · {self.stated_on}"

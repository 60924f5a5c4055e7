"""How files come in: one batch per file, every refused row kept until somebody has mended it."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency
from casework.agencies.roles import May, granted


class Kind(models.TextChoices):
    REGISTER = "register", _("Register")
    SIGNALS = "signals", _("Crisis signals")
    CONTACTS = "contacts", _("Contacts")
    CIRCUMSTANCES = "circumstances", _("Circumstances")
    SCREENINGS = "screenings", _("Screenings")
    INCIDENTS = "incidents", _("Recorded crises")
    HANDOVERS = "handovers", _("Handovers from Hanawon")


OF_THE_MINISTRY = (Kind.HANDOVERS,)
"""Kinds that are not brought in by those who may import, but by the officers of the Ministry."""


WORDS = (May.IMPORT, May.DECIDE_PROTECTION)


def word_of(kind):
    """Return the word of permission of those who bring in files of a kind."""
    return May.DECIDE_PROTECTION if kind in OF_THE_MINISTRY else May.IMPORT


def _brought_by(word):
    """The kinds that are brought in by whoever holds `word`."""
    return Q(kind__in=[kind for kind in Kind if word_of(kind) == word])


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That a file came, and in counts what became of it and why rows were refused, is seen by those who may bring
        such a file in at the agency that brought it in. A file loaded by command has no agency: its counts are seen by
        everybody who may bring in such a file. System administrators see the counts of every file. No cell stands
        there: see QuarantinedRow."""
        by_command = [Q(agency=None) & _brought_by(word) & Exists(granted(word, user)) for word in WORDS]
        return self.filter(_own(user) | reduce(or_, by_command) | Exists(granted(May.ADMINISTER, user)))

    def brought_in_by_agency_of(self, user):
        """Return those that the user's own agency brought in, if the user may bring in such a file."""
        return self.filter(_own(user))


def _own(user):
    return reduce(or_, [Q(agency__in=_importing_agency(user, word)) & _brought_by(word) for word in WORDS])


def _importing_agency(user, word=May.IMPORT):
    """The user's agency, if the user may import what `word` stands for."""
    return Agency.objects.filter(user__in=granted(word, user)).order_by().values("pk")


def _without_spaces(text):
    return Func(text, Value(r"\s"), Value(""), Value("g"), function="regexp_replace", output_field=models.TextField())


class Batch(models.Model):
    """One file: what it was, who brought it, how far it is, and what became of its rows."""

    kind = models.CharField(max_length=20, choices=Kind)
    source = models.CharField(max_length=80, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    known_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal = models.TextField(blank=True)
    refused_code = models.CharField(max_length=40, blank=True)
    refused_params = models.JSONField(default=dict)
    warnings = models.JSONField(default=list, help_text="[{code, params, rows, first}]")
    begun_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    loaded = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    superseded = models.PositiveIntegerField(default=0)
    upload = models.BinaryField(null=True)
    loaded_as = models.OneToOneField("self", models.SET_NULL, null=True, related_name="tried_as")

    objects = BatchQuerySet.as_manager()

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"


class QuarantinedRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A refused row, with its cells, is seen by those who may bring in such a file at the agency that brought it
        in; of a file loaded by command, which no agency brought, at the centre that the row itself names, or, where the
        kind is the Ministry's, by its officers. A row that names no centre is counted and not shown. Administrators see
        no row."""
        own = Batch.objects.brought_in_by_agency_of(user).order_by().values("pk")
        centre = Agency.objects.filter(pk__in=_importing_agency(user)).annotate(
            written_ko=_without_spaces(F("name_ko")), written_en=_without_spaces(F("name_en"))
        )
        named = centre.filter(Q(written_ko=OuterRef("centre")) | Q(written_en=OuterRef("centre")))
        rows = self.alias(centre=_without_spaces(KT("cells__center")))
        here = ~Q(batch__kind__in=OF_THE_MINISTRY) & ~Q(centre="") & Exists(named)
        ministry = Q(batch__kind__in=OF_THE_MINISTRY) & Exists(granted(May.DECIDE_PROTECTION, user))
        return rows.filter(Q(batch__in=own) | (Q(batch__agency=None) & (here | ministry)))


class QuarantinedRow(models.Model):
    """A refused row as it came, with the field, the reason and what would be right. Nothing is dropped silently."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="refused")
    row = models.PositiveIntegerField(help_text="1 is the first row after the header")
    field = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40)
    reason = models.TextField()
    faults = models.JSONField(default=list, help_text="[{field, code, params}]: every fault, for any language")
    cells = models.JSONField(default=dict)
    corrected = models.JSONField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    retried_in = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="+")

    objects = QuarantinedRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "row", "id"]

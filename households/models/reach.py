"""What ends, or carries on, the search for somebody who cannot be reached: where the person is, whom one asked, and
whether a personal-protection officer still answers for the person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.facts import one_version
from casework.landing import landed_once
from households.models.circle import OfHousehold
from households.models.person import OfPerson


class Whereabouts(OfPerson):
    """Where the person was found to be on a day, and what it rests on.

    It ends the run of attempts up to that day. It is no contact, and it ends nothing where a violence marker exists.
    """

    class Where(models.TextChoices):
        HOSPITAL = "hospital", _("In hospital or a care home")
        CUSTODY = "custody", _("In custody or prison")
        ABROAD = "abroad", _("Abroad")
        ELSEWHERE = "elsewhere", _("Living elsewhere in the country")

    class Evidence(models.TextChoices):
        SEEN = "seen", _("Seen in person by a worker or officer")
        OFFICE = "office", _("Confirmed by the hospital, prison or authority")
        DOCUMENT = "document", _("Shown by a document")

    where = models.CharField(max_length=10, choices=Where)
    place = models.CharField(max_length=80, blank=True)
    evidence = models.CharField(max_length=10, choices=Evidence)
    words = models.CharField(max_length=300)
    observed_on = models.DateField()
    client_key = models.UUIDField(null=True)

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("whereabouts"),
            models.CheckConstraint(condition=~Q(words=""), name="whereabouts_say_how"),
            landed_once("whereabouts", versions=True),
        ]
        indexes = [models.Index("person", F("observed_on").desc(), name="whereabouts_person")]


class SearchStep(OfHousehold):
    """Somebody else was asked to help to find the person: the town office, the police, 112 or 119."""

    class Step(models.TextChoices):
        TOWN = "town", _("Town office")
        POLICE = "police", _("Police and Ministry")
        RESCUE = "rescue", _("112 · 119")

    step = models.CharField(max_length=8, choices=Step)
    occurred_at = models.DateTimeField()
    whom = models.CharField(max_length=80)
    answer = models.CharField(max_length=300, blank=True)
    client_key = models.UUIDField(null=True)

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("search_step"),
            landed_once("search_step", versions=True),
        ]
        indexes = [models.Index("household", F("occurred_at").desc(), name="search_step_house")]


class PersonalProtection(OfPerson):
    """Whether police officers still look after the person's safety (거주지에서의 신변보호, 북한이탈주민법 제22조의2); a
    clock of its own beside residence protection. The latest statement counts; the grade is never kept."""

    class State(models.TextChoices):
        RUNNING = "running", _("An officer is in charge")
        ENDED = "ended", pgettext_lazy("personal protection", "Ended")
        DECLINED = "declined", _("The person asked to end it")

    state = models.CharField(max_length=8, choices=State)
    stated_on = models.DateField()
    source = models.CharField(max_length=80, blank=True)

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [one_version("personal_protection")]
        indexes = [models.Index("person", F("stated_on").desc(), name="guarded_person")]

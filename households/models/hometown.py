"""The province in the North that somebody comes from: asked once, and put right by a later version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.facts import one_version
from households.models.person import OfPerson


class Province(models.TextChoices):
    """The first level of administration in the North: nine provinces, and the cities that stand beside them."""

    PYONGYANG = "pyongyang", _("Pyongyang")
    SOUTH_PYONGAN = "south_pyongan", _("South Pyongan")
    NORTH_PYONGAN = "north_pyongan", _("North Pyongan")
    CHAGANG = "chagang", _("Chagang")
    SOUTH_HWANGHAE = "south_hwanghae", _("South Hwanghae")
    NORTH_HWANGHAE = "north_hwanghae", _("North Hwanghae")
    KANGWON = "kangwon", _("Kangwon (North)")
    SOUTH_HAMGYONG = "south_hamgyong", _("South Hamgyong")
    NORTH_HAMGYONG = "north_hamgyong", _("North Hamgyong")
    RYANGGANG = "ryanggang", _("Ryanggang")
    NAMPO = "nampo", _("Nampo")
    KAESONG = "kaesong", _("Kaesong")
    RASON = "rason", _("Rason")
    UNKNOWN = "unknown", _("Not known")


PROVINCE_CHOICES = [("", "–"), *Province.choices]


class Hometown(OfPerson):
    """From which province of the North a person comes; nothing finer is kept. Nobody who was not asked has a row."""

    province = models.CharField(_("Home province in the North"), max_length=20, choices=Province)

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("hometown"),
            models.UniqueConstraint(fields=["person"], condition=Q(superseded_at=None), name="one_hometown"),
        ]
        indexes = [models.Index(fields=["person"], name="hometown_person")]

    def __str__(self):
        return str(self.get_province_display())


def province_of(person):
    """Return the Hometown that stands of a person (or id), or None."""
    return Hometown.objects.current().filter(person=person).first()

"""Words that the facts of a person and of a household share."""

from django.db import models

from casework.facts import FactQuerySet


class OfPersonQuerySet(FactQuerySet):
    def visible_to(self, user):
        """A fact about a person is seen by whoever may see one of the person's households."""
        from households.models.person import Person

        return self.filter(person__in=Person.objects.visible_to(user).order_by().values("pk"))


class BesideHouseholdQuerySet(models.QuerySet):
    """Rows that hang on a household without being facts themselves."""

    def visible_to(self, user):
        """A fact about a household is seen by whoever may see the household."""
        from households.models.circle import Household

        return self.filter(household__in=Household.objects.visible_to(user).order_by().values("pk"))


class OfHouseholdQuerySet(BesideHouseholdQuerySet, FactQuerySet):
    """Facts of a household; `visible_to` as for everything that hangs on it."""

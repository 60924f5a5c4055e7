"""What can happen to a link of two records: one table, from which come the verbs, the trigger and the diagram."""

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class LinkStatus(models.TextChoices):
    """Where a link stands. What was declined or undone stays on record; linking again is a new link."""

    PROPOSED = "proposed", pgettext_lazy("link", "Waits for a second person")
    LINKED = "linked", pgettext_lazy("link", "Linked")
    DECLINED = "declined", pgettext_lazy("link", "Not linked")
    UNDONE = "undone", pgettext_lazy("link", "Undone")


S = LinkStatus  # short, so that the table reads as a table
OPEN = (S.PROPOSED, S.LINKED)


def keeps_one(link, user):
    """Whoever keeps the register at the centre that keeps the file of one of the two: a mistake is undone by either."""
    return can(user, May.INTAKE) and _kept(link, user) > 0


def is_second(link, user):
    """Whoever keeps the file of both; another than who proposed it where the two live in different households."""
    other = not link.needs_second or link.proposed_by_id != user.pk
    return other and can(user, May.INTAKE) and _kept(link, user) == len(link.records)


def _kept(link, user):
    people = apps.get_model("households", "Person").objects
    return people.kept_by(user).filter(pk__in=link.records).count()


LINK = Workflow(
    step("confirm", {S.PROPOSED}, S.LINKED, "second", "records_linked", _("One person: link them")),
    step("decline", {S.PROPOSED}, S.DECLINED, "keeper", "link_declined", _("Do not link · reason"), needs_reason=True),
    step("undo", {S.LINKED}, S.UNDONE, "keeper", "link_undone", _("Undo the link · reason"), needs_reason=True),
    actors={"keeper": keeps_one, "second": is_second},
)

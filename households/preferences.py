"""What people wish of those who look after them, said where a worker is chosen."""

from django.utils.translation import gettext as _

from households.members import callable_on
from households.models import ContactPreference
from households.models.person import LANGUAGES


def wishes_of(people):
    """Return {person id: the latest ContactPreference}; one query."""
    rows = ContactPreference.objects.current().filter(person__in=people)
    return {row.person_id: row for row in rows.order_by("stated_on", "id")}


def ask_for_a_woman(household, on):
    """Return what the members of a household who asked for a woman worker are called, as they last said."""
    members = callable_on(household, on)
    wishes = wishes_of([member.pk for member in members])
    return [member.name for member in members if member.pk in wishes and wishes[member.pk].woman_worker]


def language_words(wish):
    """Return which language a person would rather speak and whether an interpreter is needed, or ""; `wish`: the
    columns of a ContactPreference as a dict."""
    spoken = str(dict(LANGUAGES).get(wish.get("language"), ""))
    if not wish.get("interpreter"):
        return spoken
    return _("interpreter: %(language)s") % {"language": spoken} if spoken else _("needs an interpreter")


def not_known_to_be_a_woman(worker, asked):
    """Return the sentence for a chosen worker of whom it is not known that she is a woman, or "" where nobody asked
    for one (`asked`: names, or any true value) or it is known."""
    if not asked or worker.woman:
        return ""
    if worker.woman is False:
        return _("A woman worker was asked for, and %(worker)s does not work as one.") % {"worker": worker}
    return _("A woman worker was asked for. Of %(worker)s this system does not know it; please ask.") % {
        "worker": worker
    }


def named_with_woman(worker):
    """Return the name of a worker on offer where a woman worker was asked for."""
    return _("%(worker)s · woman worker") % {"worker": worker} if worker.woman else str(worker)

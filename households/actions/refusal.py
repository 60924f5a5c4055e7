"""When a verb cannot be done: the sentence the user reads, and where on the form it belongs."""

from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.facts import Stale


class Refused(Exception):
    """A verb was not done, and nothing was changed; `str()` is the sentence, `field` the form field or None."""

    def __init__(self, sentence, field=None):
        super().__init__(sentence)
        self.field = field

    def stand_on(self, form):
        """Put the sentence onto `form`: beside its field where the form has it, else above all of them."""
        form.add_error(self.field if self.field in form.fields else None, str(self))


class NotAllowed(PermissionDenied):
    """The user may see the record but not do this with it; `str()` says who may. Becomes a 403 page."""


@contextmanager
def refusals():
    """Turn what the database refuses into `Refused` with the sentence that stands beside the constraint.

    An error that no constraint of ours explains is raised as it is: it is a fault of ours, not of the user.
    """
    try:
        with transaction.atomic():
            yield
    except Stale as stale:
        raise Refused(_("Somebody else changed this just now. Please look again before you save.")) from stale
    except IntegrityError as error:
        sentence = _sentence(constraint_of(error))
        if not sentence:
            raise
        raise Refused(sentence) from error


def constraint_of(error):
    """Return the name of the constraint that an IntegrityError broke, or None."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def _sentence(name):
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                own = constraint.violation_error_message
                return "" if own == constraint.default_violation_error_message else str(own)
    return ""

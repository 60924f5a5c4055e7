"""Asking for help for a person whose file one's own office does not keep; what follows is a referral like any other."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from casework.agencies.models import Agency
from casework.audit.record import record
from casework.clock import seoul_day
from casework.workflow import NotYours
from households.actions.circle import belonging
from households.actions.rights import asks_for
from households.models import ProtectionPeriod
from referrals import suggest
from referrals.drafts import change_draft
from referrals.handing import workers_of
from referrals.models import Referral
from referrals.offices import knowing
from referrals.states import Ground, Urgency
from referrals.workflow import REFERRAL


def check_may_ask(user, person):
    """Raise `NotYours` unless the user's office may ask for this person (see `Person.objects.asked_for_by`)."""
    if not asks_for(user, person):
        raise NotYours("sender")


def receivers(household, *, person, by, on):
    """Return the agencies that can be asked, the centre that answers for the household first; `staffed` says that
    somebody there receives. Who knows the person through a share asks that centre and nobody else."""
    centre = knowing.centre_of(household, on=on)
    first = Agency.objects.filter(pk=centre and centre.pk).annotate(staffed=Exists(workers_of(OuterRef("pk"))))
    if not ProtectionPeriod.objects.in_register_of(by).filter(person=person).exists():
        return list(first)
    others = suggest.agencies_for(household, on=on, sender=by).exclude(pk=centre and centre.pk)
    return [*first, *others]


@transaction.atomic
def save_request(person, *, by, now, client_key, follows=None, **words):
    """Make the draft with this author's `client_key`, or change it; return it, or what it has become since.

    `words` are `to_agency` (one of `receivers`), `need`, `request`, `ground`, maybe `urgency`, `note` (why it cannot
    wait) and `consent` ({"on", maybe "until"}, see `grounds.stated`). The packet is made of what the office knows.
    Raises `NotYours` for who may not ask, `ValidationError` for another agency or a person who belongs nowhere.
    """
    check_may_ask(by, person)
    fields = _fields(person, by, now, words)
    referral, made = Referral.objects.get_or_create(
        sender=by, client_key=client_key, defaults={"from_agency": by.agency, "follows": follows, **fields}
    )
    if not made:
        return change_draft(referral, by=by, **fields)
    record("drafted", referral, by=by)
    return referral


def edit_request(referral, *, by, now, **words):
    """Write the words of the form into a draft, a colleague's too; return it. Raises as `save_request` does."""
    REFERRAL.check(referral, "send", by)
    check_may_ask(by, referral.person)
    fields = _fields(referral.person, by, now, words, passed_on_to=referral.to_agency)
    return change_draft(referral, by=by, **fields)


def _fields(person, by, now, words, passed_on_to=None):
    on, ground = seoul_day(now), words["ground"]
    home = belonging(person, on=on)
    if home is None:
        raise ValidationError(_("No household of this person is on file: please telephone the centre."))
    offered = receivers(home.household, person=person, by=by, on=on)
    if words["to_agency"] not in offered and words["to_agency"] != passed_on_to:
        raise ValidationError(_("This agency cannot be asked for this person."))
    consent = words.get("consent") if ground == Ground.CONSENT else None
    return {
        "household": home.household,
        "person": person,
        "to_agency": words["to_agency"],
        "need": words["need"],
        "urgency": words.get("urgency") or Urgency.USUAL,
        "title": titled(words["need"]),
        "request": words["request"],
        "ground": ground,
        "packet": knowing.build(person, on=on, ground=ground, note=words.get("note") or "", consent=consent),
    }


def titled(need):
    """Return the title of a request: what is needed, and no name."""
    label = dict(Referral._meta.get_field("need").flatchoices)[need]
    return _("%(need)s: request of a public office") % {"need": label}

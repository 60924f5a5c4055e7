"""The short form of an office: what is needed, of whom, in words, and on which ground."""

import uuid
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from referrals import grounds
from referrals.agreed import AgreedDays
from referrals.asking import day, lines
from referrals.models import Referral
from referrals.offices.actions import receivers
from referrals.reviews import NOBODY_LOOKS, somebody_else_looks
from referrals.states import CAME_BACK, NEEDS, Ground, Status, Urgency


class AskForm(AgreedDays, forms.Form):
    """A request about one person whom the office knows and whose file it does not keep."""

    use_required_attribute = False

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    again = forms.CharField(widget=forms.HiddenInput, required=False, max_length=14)
    need = forms.ChoiceField(label=_("What is needed"), choices=NEEDS, widget=forms.RadioSelect)
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=Urgency, initial=Urgency.USUAL, required=False, widget=forms.RadioSelect
    )
    to_agency = forms.TypedChoiceField(label=_("Agency to ask"), coerce=int)
    request = forms.CharField(
        label=_("Request"), widget=lines(4), max_length=2000, help_text=_("what they are asked to do")
    )
    ground = forms.ChoiceField(label=_("Ground for sharing"), choices=Ground, widget=forms.RadioSelect)
    consent_on = day(_("Day on which the person agreed"), help_text=_("for consent, as written on paper"))
    consent_until = day(_("Agreed until"), help_text=_("as written in the consent"))
    note = forms.CharField(
        label=_("Why it cannot wait"), max_length=200, required=False, help_text=_("for urgent danger")
    )

    def __init__(self, *args, person, household, user, on, passed_on_to=None, **kwargs):
        """`person` is whom it is about, `household` where the person lives, `passed_on_to` the agency of a draft."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.person, self.household, self.user, self.on = person, household, user, on
        found = receivers(household, person=person, by=user, on=on)
        self.agencies = {agency.pk: agency for agency in found}
        if passed_on_to and passed_on_to.pk not in self.agencies:
            self.agencies[passed_on_to.pk] = passed_on_to
        choices = [(pk, str(agency)) for pk, agency in self.agencies.items()]
        cast(forms.ChoiceField, self.fields["to_agency"]).choices = choices
        self.grounds = grounds.TABLE

    def clean_again(self):
        """The request that came back and is asked anew with this one, or None."""
        asked = self.cleaned_data["again"]
        sent = Referral.objects.sent_by_agency_of(self.user).filter(person=self.person)
        return sent.filter(number=asked, status__in=(*CAME_BACK, Status.CANCELLED)).first() if asked else None

    def clean_urgency(self):
        """What is not said is usual."""
        return self.cleaned_data["urgency"] or Urgency.USUAL

    def clean_to_agency(self):
        """Refuse an agency where nobody would read it."""
        agency = self.agencies[self.cleaned_data["to_agency"]]
        if not getattr(agency, "staffed", True):
            raise ValidationError(
                _("Nobody at this agency receives through this system. Please ask by telephone and log the call.")
            )
        return agency

    def clean(self):
        """The ground has to be allowed towards the agency, and complete."""
        data = super().clean() or {}
        ground, agency, need = (data.get(name) for name in ("ground", "to_agency", "need"))
        if ground and agency and need and (why := grounds.refused(ground, self.user.agency, agency, need)):
            self.add_error("ground", str(why))
        data["consent"] = self._consent(data) if ground == Ground.CONSENT else None
        if ground == Ground.DANGER and not somebody_else_looks(self.user):
            self.add_error("ground", NOBODY_LOOKS)
        if ground == Ground.DANGER and not data.get("note"):
            self.add_error("note", _("Say in one line why it cannot wait."))
        if ground != Ground.DANGER:
            data["note"] = ""
        return data

    def _consent(self, data):
        """Return what the packet says of the consent. What is on record at the centre is not read to an office."""
        if self.person.pk not in grounds.speakers(self.household, on=self.on, person=self.person):
            self.add_error("ground", _("For a child under 14 a legal representative agrees: please ask the centre."))
        elif not data.get("consent_on") and "consent_on" not in self.errors:
            self.add_error("consent_on", _("Please give the day on which the person agreed, or another ground."))
        elif data.get("consent_on"):
            until = data.get("consent_until")
            return {"on": data["consent_on"].isoformat()} | ({"until": until.isoformat()} if until else {})
        return None

    def words(self):
        """Return the cleaned fields as `actions.save_request` takes them."""
        aside = ("consent_on", "consent_until", "again", "client_key")
        return {name: value for name, value in self.cleaned_data.items() if name not in aside}


def starting(referral=None, *, anew=False):
    """Return the first values of the form: empty, of a draft, or of a request that is asked `anew` of another agency,
    which takes neither the agency nor the ground along."""
    if referral is None:
        return {"client_key": uuid.uuid4()}
    kept = {"need": referral.need, "urgency": referral.urgency, "request": referral.request}
    if anew:
        return kept | {"client_key": uuid.uuid4(), "again": referral.number}
    consent = referral.packet.get("consent") or {}
    return kept | {
        "client_key": referral.client_key,
        "to_agency": referral.to_agency_id,
        "ground": referral.ground,
        "consent_on": consent.get("on", ""),
        "consent_until": consent.get("until", ""),
        "note": referral.packet.get("note", ""),
    }

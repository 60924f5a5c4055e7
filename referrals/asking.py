"""The form of a referral: what is asked of whom, for whom, exactly what they will see, and on which ground."""

import uuid
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households.members import callable_on
from households.words import MEMBER_ROLES
from referrals import grounds, packet, suggest
from referrals.agreed import AgreedDays
from referrals.drafts import MOST_DESIRED, desired_of
from referrals.models import Referral
from referrals.states import CAME_BACK, NEEDS, Ground, Urgency
from referrals.transfers.left import tells_where_left

LINES = range(1, MOST_DESIRED + 1)


def lines(rows=3):
    """Return a text box of `rows` lines."""
    return forms.Textarea(attrs={"rows": rows})


def day(label, **options):
    """Return a field for one day; not every referral asks for it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **options)


def one_member(label, **options):
    """Return a choice of one member of the household, or of nobody; its choices come with the household."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=False, **options)


class ReferralForm(AgreedDays, forms.Form):
    """A new referral or a draft."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    proposed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    again = forms.CharField(widget=forms.HiddenInput, required=False, max_length=14)
    need = forms.ChoiceField(label=_("What is needed"), choices=NEEDS, widget=forms.RadioSelect)
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=Urgency, initial=Urgency.USUAL, required=False, widget=forms.RadioSelect
    )
    person = one_member(_("Whom it is about"), widget=forms.RadioSelect)
    to_agency = forms.TypedChoiceField(label=_("Agency to ask"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("stands in lists: without names"))
    request = forms.CharField(label=_("Request"), widget=lines(4), help_text=_("what they are asked to do"))
    sections = forms.MultipleChoiceField(
        label=_("Show from the register"), choices=packet.PICKED, required=False, widget=forms.CheckboxSelectMultiple
    )
    facts = forms.CharField(label=_("Facts"), widget=lines(), required=False)
    tried = forms.CharField(label=_("What was tried"), widget=lines(6), required=False)
    health = forms.CharField(
        label=_("Health"), widget=lines(2), required=False, help_text=_("shown only if you write it here")
    )
    ground = forms.ChoiceField(label=_("Ground for sharing"), choices=Ground, widget=forms.RadioSelect)
    consent_on = day(_("Day on which the person agreed"), help_text=_("where none is on record"))
    consent_until = day(_("Agreed until"), help_text=_("as written in the consent"))
    consent_by = one_member(_("Who agreed"), help_text=_("for a child under 14 a legal representative"))
    note = forms.CharField(
        label=_("Why it cannot wait"), max_length=200, required=False, help_text=_("for urgent danger")
    )

    def __init__(self, *args, household, user, on, draft=None, **kwargs):
        """`household` is the one it is about, `user` the sender, `on` the day, `draft` the Referral that is changed."""
        super().__init__(*args, **kwargs)
        self.household, self.sender, self.on = household, user.agency, on
        found = suggest.agencies_for(household, on=on, sender=user, draft=draft)
        self.agencies = {agency.pk: agency for agency in found}
        if draft and tells_where_left(draft, on=on):
            shows = cast(forms.MultipleChoiceField, self.fields["sections"])
            kept = packet.without_address(dict(packet.PICKED))
            shows.choices = [(name, label) for name, label in packet.PICKED if name in kept]
        self.people = {member.pk: member for member in callable_on(household, on)}
        self._offer_people()
        self._offer_agencies()
        self._offer_grounds()

    def _offer_people(self):
        named = [
            (one.pk, f"{one.name} ({MEMBER_ROLES[one.role]})" if one.named else one.name)
            for one in self.people.values()
        ]
        whole = [("", gettext("the household"))]
        for name in ("person", *(f"for_{n}" for n in LINES)):
            cast(forms.ChoiceField, self.fields[name]).choices = [*whole, *named]
        cast(forms.ChoiceField, self.fields["consent_by"]).choices = [("", gettext("choose")), *named]

    def _offer_agencies(self):
        """Offer the agencies, and the one that the table of routes asks first, until another one is chosen."""
        need, urgency = self.said("need"), self.said("urgency")
        asked = {
            "need": need if need in dict(NEEDS) else "",
            "urgency": urgency if urgency in Urgency.values else Urgency.USUAL,
            "on": self.on,
            "district": suggest.district_of(self.household, on=self.on),
        }
        offered = list(self.agencies.values())
        cast(forms.ChoiceField, self.fields["to_agency"]).choices = suggest.choices(offered, **asked)
        self.proposal = suggest.proposed(offered, **asked)
        chosen = str(self.said("to_agency") or "")
        self.kept = chosen not in ("", str(self.said("proposed") or ""))
        if not self.kept and not self.is_bound:
            chosen = str(self.proposal.agency.pk) if self.proposal else ""
            self.initial["to_agency"] = chosen
        self.initial["proposed"] = "" if self.kept else chosen
        self.receiver = self.agencies.get(int(chosen)) if chosen.isdecimal() else None

    def _offer_grounds(self):
        """Show what the law allows towards the agency chosen, and say why the rest is not there."""
        need = self.said("need")
        told = [(line, self.receiver and line.refused(self.sender, self.receiver, need)) for line in grounds.TABLE]
        self.allowed = [line for line, why in told if not why]
        self.not_allowed = [{"ground": line.ground.label, "why": why} for line, why in told if why]
        widget = cast(forms.RadioSelect, self.fields["ground"].widget)
        widget.choices = [(line.ground.value, line.ground.label) for line in self.allowed]

    def said(self, name):
        """Return what was said in a field so far: typed, else the first value."""
        if self.is_bound:
            return self.data.get(name, "")
        return self.initial.get(name) or ""

    @property
    def desired(self):
        """Return the rows of hoped-for results, text and for whom, as bound fields."""
        return [(self[f"desired_{n}"], self[f"for_{n}"]) for n in LINES]

    @property
    def desires_more(self):
        """Whether a line after the first is written on or refused: then all of them stand open."""
        return any(row.value() or row.errors for row, _whom in self.desired[1:])

    @property
    def on_record(self):
        """Return the consents on record that name the agency chosen."""
        if self.receiver is None:
            return []
        person = self._person(self.said("person"))
        return list(grounds.consents(self.household, self.receiver, on=self.on, person=person))

    def clean_again(self):
        """The referral that came back and is asked anew with this one, or None."""
        asked = self.cleaned_data["again"]
        came_back = Referral.objects.filter(household=self.household, from_agency=self.sender, status__in=CAME_BACK)
        return came_back.filter(number=asked).first() if asked else None

    def clean_to_agency(self):
        """Refuse an agency where nobody would read it: found but not reached is what this system must not repeat."""
        agency = self.agencies[self.cleaned_data["to_agency"]]
        if not agency.staffed:
            raise ValidationError(
                _("Nobody at this agency receives through this system. Please ask by telephone and log the call.")
            )
        return agency

    def clean_urgency(self):
        """What is not said is usual."""
        return self.cleaned_data["urgency"] or Urgency.USUAL

    def clean_person(self):
        """The member it is about, or None for the household."""
        return self._person(self.cleaned_data["person"])

    def clean(self):
        """The ground has to be allowed and complete: the days of the consent, or the reason that cannot wait."""
        super().clean()
        data = self.cleaned_data
        data["desired"] = self._desired(data)
        if data.get("ground") and data.get("to_agency") and data.get("need"):
            why = grounds.refused(data["ground"], self.sender, data["to_agency"], data["need"])
            if why:
                self.add_error("ground", why)
        data["consent"] = self._consent(data) if data.get("ground") == Ground.CONSENT else None
        if data.get("ground") == Ground.DANGER and not data.get("note"):
            self.add_error("note", _("Say in one line why it cannot wait."))
        if data.get("ground") != Ground.DANGER:
            data["note"] = ""
        return data

    def _desired(self, data):
        found = []
        for n in LINES:
            text, person = data.pop(f"desired_{n}", ""), self._person(data.pop(f"for_{n}", None))
            if text and data.get("person") and person not in (None, data["person"]):
                self.add_error(
                    f"for_{n}", _("This referral is about one person: a hoped-for result names nobody else.")
                )
            if text:
                found.append({"text": text, "person": person})
        return found

    def _consent(self, data):
        """Return what the packet says of the consent: the one on record, else the one stated here."""
        if not data.get("to_agency"):
            return None
        parts = dict.fromkeys(data.get("sections", ()), True) | {"health": data.get("health")}
        needed, person = grounds.items_of(parts), data.get("person")
        found = list(grounds.consents(self.household, data["to_agency"], on=self.on, person=person))
        if kept := grounds.covers(found, needed):
            return grounds.period_of(kept)
        if data.get("consent_on"):
            return self._stated(data)
        if "consent_on" not in self.errors:
            none = _("No consent for this agency is on record: give the day, or another ground.")
            self.add_error("consent_on", grounds.missing_words(found, needed) if found else none)
        return None

    def _stated(self, data):
        said = {"on": data["consent_on"].isoformat()}
        if data.get("consent_until"):
            said["until"] = data["consent_until"].isoformat()
        agreed = data.get("consent_by")
        speak = grounds.speakers(self.household, on=self.on, person=data.get("person"))
        if (agreed or next(iter(speak), None)) not in speak:
            self.add_error("consent_by", _("This person cannot agree to it: the person it is about does, or an adult."))
        return said | ({"by": agreed} if agreed else {})

    def _person(self, pk):
        member = self.people.get(int(pk)) if str(pk or "").isdecimal() else None
        return member.person if member else None

    def words(self):
        """Return the cleaned fields as `drafts.save_draft` takes them."""
        aside = ("consent_on", "consent_until", "consent_by", "proposed", "again")
        kept = {name: value for name, value in self.cleaned_data.items() if name not in aside}
        return kept | {"follows": self.cleaned_data["again"]}


# Five rows of the same two fields: declared like the others, so that a kept draft holds them by name.
for _n in LINES:
    for _name, _field in (
        (f"desired_{_n}", forms.CharField(label=_("Hoped-for result"), max_length=200, required=False)),
        (f"for_{_n}", one_member(_("For whom"))),
    ):
        ReferralForm.base_fields[_name] = _field


def starting(referral=None, draft=None, tried=""):
    """Return the first values of the form: from a saved text, from a draft or a declined referral, or empty."""
    if draft:
        return {**_in_lines(draft.payload.get("hoped", "")), **draft.payload, "client_key": draft.client_key}
    if referral:
        return _from_referral(referral)
    return {"client_key": uuid.uuid4(), "sections": [name for name, _label in packet.PICKED], "tried": tried}


def _from_referral(referral):
    kept = referral.packet
    consent = kept.get("consent") or {}
    values = {name: kept.get(name, "") for name, _label in packet.WRITTEN}
    for n, line in enumerate(desired_of(referral), start=1):
        values |= {f"desired_{n}": line["text"], f"for_{n}": line["person"].pk if line["person"] else ""}
    return {
        **_in_lines(values.pop("hoped")),
        **values,
        "client_key": referral.client_key,
        "need": referral.need,
        "urgency": referral.urgency,
        "person": referral.person_id or "",
        "to_agency": referral.to_agency_id,
        "title": referral.title,
        "request": referral.request,
        "sections": [name for name, _label in packet.PICKED if name in kept],
        "ground": referral.ground,
        "consent_on": consent.get("on", ""),
        "consent_until": consent.get("until", ""),
        "consent_by": consent.get("by", ""),
        "note": kept.get("note", ""),
    }


def _in_lines(hoped):
    """Return a hoped-for result written as one text, as it was before, line by line."""
    said = [line.strip()[:200] for line in hoped.splitlines() if line.strip()]
    return {f"desired_{n}": line for n, line in enumerate(said[:MOST_DESIRED], start=1)}

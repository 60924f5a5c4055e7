"""Forms of the register's verbs. Each says with `perform(by, now)` what it does once it is valid."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import District
from households import actions
from households.actions.circle import belonging
from households.actions.place import centres_for
from households.actions.refusal import NotAllowed
from households.actions.rights import check_can_change
from households.forms.contact import offer, one_of, pills
from households.forms.moments import Day
from households.models import Household, Membership, Particulars, Person, Residence, Responsibility
from households.words import MEMBER_ROLES


class DeedForm(forms.Form):
    """Base: about one household and its members of today; `day` is today."""

    use_required_attribute = False
    may_be_later = False
    # Who before when: the day follows the people and the place it is about.
    field_order: tuple[str, ...] = (
        "who",
        "assignment",
        "worker",
        "kind",
        "family",
        "given",
        "number",
        "sex",
        "partner",
        "to",
        "role",
        "on",
    )

    on = Day(label=_("Since which day"))

    def __init__(self, *args, household, members, user, day, **kwargs):
        kwargs["initial"] = {"on": day, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.household, self.members, self.user, self.day = household, members, user, day
        named = [(member.person.case_number, member.name) for member in members]
        for name in {"who", "taking", "new_head"} & set(self.fields):
            offer(self, name, named)
        if "new_head" in self.fields:
            dead = self._told_dead()
            offer(self, "new_head", [pair for pair in named if pair[0] not in dead])

    def _told_dead(self):
        """The case numbers of members of whose death a file tells, also before anybody confirmed it."""
        people = [member.person.pk for member in self.members]
        gone = Residence.objects.current().filter(person__in=people, status=Residence.Status.DECEASED)
        return set(gone.filter(during__contains=self.day).values_list("person__case_number", flat=True))

    def clean_on(self):
        """A day of the register lies in the past or is today, unless the deed plans ahead."""
        on = self.cleaned_data["on"]
        if on > self.day and not self.may_be_later:
            raise forms.ValidationError(_("This day lies in the future."))
        return on

    def person(self, name="who"):
        """Return the chosen member as Person, or None."""
        chosen = {member.person.case_number: member.person for member in self.members}
        return chosen.get(self.cleaned_data.get(name) or "")

    def taking(self):
        """Return the members who go along."""
        return [member.person for member in self.members if member.person.case_number in self.cleaned_data["taking"]]

    def seen_household(self, number):
        """Return the household of this number if the user may see it, else None."""
        return Household.objects.visible_to(self.user).filter(number=number.strip().upper()).first()

    def check_kept_here(self, household):
        """Refuse to write into a household that is only shown to the user: its register is kept elsewhere."""
        try:
            check_can_change(self.user, household)
        except NotAllowed as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def seen_person(self, number):
        """Return the person of this case number if the user may see them, else None."""
        return Person.objects.visible_to(self.user).filter(case_number=number.strip().upper()).first()


def who_field(label):
    """One of the members."""
    return one_of([], label, required=True)


def new_head_field():
    """Asked when the head leaves or dies; the verb says when an answer is needed."""
    return one_of([], _("Who is the head from then on"), help_text=_("only when the head leaves and others stay"))


def taking_field():
    """Who goes along."""
    return pills([], _("Who goes along"))


def district_choices():
    """Return the 시·군·구 grouped by 시·도, as choices."""
    groups = {}
    for place in District.objects.filter(parent__isnull=False).select_related("parent").order_by("code"):
        groups.setdefault(str(place.parent), []).append((str(place.pk), str(place)))
    return [("", "—"), *groups.items()]


def district_field(**kwargs):
    """A 시·군·구."""
    return forms.TypedChoiceField(
        label=_("District"), choices=district_choices, coerce=_district, empty_value=None, **kwargs
    )


def _district(pk):
    return District.objects.get(pk=pk)


def town_field():
    """A 읍·면·동; nothing finer is kept."""
    return forms.CharField(label=_("Town (eup, myeon, dong)"), max_length=40, required=False)


class BirthForm(DeedForm):
    family = forms.CharField(label=_("Family name"), max_length=40)
    given = forms.CharField(label=_("Given name"), max_length=80)
    sex = one_of(Particulars.Sex.choices, _("Sex"), required=True)
    on = Day(label=_("Born on"))

    def perform(self, by, now):
        data = self.cleaned_data
        return actions.register_birth(
            self.household, family=data["family"], given=data["given"], sex=data["sex"], on=data["on"], by=by
        )


class DeathForm(DeedForm):
    who = who_field(_("Who died"))
    on = Day(label=_("Died on"))
    new_head = new_head_field()

    def perform(self, by, now):
        return actions.record_death(self.person(), on=self.cleaned_data["on"], new_head=self.person("new_head"), by=by)


class MarriageForm(DeedForm):
    who = who_field(_("Who marries"))
    partner = forms.CharField(label=_("Case number of the spouse"), max_length=12)
    on = Day(label=_("They live together since"))
    taking = taking_field()
    new_head = new_head_field()

    def clean_partner(self):
        """The spouse is somebody whom the user may see."""
        partner = self.seen_person(self.cleaned_data["partner"])
        if partner is None:
            raise forms.ValidationError(_("No person with this case number is among those you may see."))
        home = belonging(partner, on=self.day)
        if home:
            self.check_kept_here(home.household)
        return partner

    def perform(self, by, now):
        data = self.cleaned_data
        joining = {"taking": self.taking(), "new_head": self.person("new_head")}
        return actions.marry(self.person(), to=data["partner"], on=data["on"], by=by, **joining)


class MoveForm(DeedForm):
    who = who_field(_("Who moves"))
    to = forms.CharField(label=_("Number of the other household"), max_length=10)
    role = one_of([pair for pair in MEMBER_ROLES.items() if pair[0] != "head"], _("As"), initial="other")
    new_head = new_head_field()

    def clean_to(self):
        """The household is one the user may see."""
        to = self.seen_household(self.cleaned_data["to"])
        if to is None:
            raise forms.ValidationError(_("No household with this number is among those you may see."))
        self.check_kept_here(to)
        return to

    def perform(self, by, now):
        data = self.cleaned_data
        role = data["role"] or Membership.Role.OTHER
        follows = self.person("new_head")
        return actions.move_person(self.person(), to=data["to"], role=role, on=data["on"], new_head=follows, by=by)


class MoveInForm(DeedForm):
    who = forms.CharField(
        label=_("Case number"), max_length=12, help_text=_("of somebody who belongs to no household now")
    )
    role = one_of(MEMBER_ROLES.items(), _("As"), initial="other")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "members": []})

    def clean_who(self):
        """The person is one the user may see."""
        person = self.seen_person(self.cleaned_data["who"])
        if person is None:
            raise forms.ValidationError(_("No person with this case number is among those you may see."))
        return person

    def perform(self, by, now):
        data = self.cleaned_data
        role = data["role"] or Membership.Role.OTHER
        return actions.move_in(data["who"], self.household, role=role, on=data["on"], by=by)


class MoveOutForm(DeedForm):
    who = who_field(_("Who leaves"))
    taking = taking_field()
    district = district_field(required=False, help_text=_("empty: the address stays the same"))
    town = town_field()
    new_head = new_head_field()
    verb = staticmethod(actions.move_out)

    def perform(self, by, now):
        data = self.cleaned_data
        home = {"district": data["district"], "town": data["town"]}
        going = {"taking": self.taking(), "new_head": self.person("new_head")}
        return self.verb(self.person(), on=data["on"], by=by, **home, **going)


class DivorceForm(MoveOutForm):
    verb = staticmethod(actions.divorce)


class HeadForm(DeedForm):
    who = who_field(_("Who is the head from then on"))

    def perform(self, by, now):
        return actions.change_head(self.household, to=self.person(), on=self.cleaned_data["on"], by=by)


class DistrictForm(DeedForm):
    district = district_field()
    town = town_field()

    def perform(self, by, now):
        data = self.cleaned_data
        return actions.change_district(
            self.household, district=data["district"], town=data["town"], on=data["on"], by=by
        )

    def warning(self):
        """Return a sentence when the centre does not cover the new district, else ""."""
        data = self.cleaned_data
        centres = centres_for(data["district"], on=data["on"])
        held = Responsibility.objects.current().filter(household=self.household, during__contains=data["on"])
        if held.filter(center__in=centres).exists():
            return ""
        names = ", ".join(str(centre) for centre in centres) or "–"
        return _("This district belongs to %(centres)s. The file stays here until that centre has taken it over.") % {
            "centres": names
        }

"""One form for a contact and for an attempt; the server looks only at the half that fits `met`."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households import words
from households.forms.moments import OTHER, LocalMoment, MomentChoice, moment_of
from households.models.contact import Answer, Channel, Level

FACE_TO_FACE = {Channel.VISIT, Channel.OFFICE, Channel.ACCOMPANY}
QUESTIONS = {
    "asked_self_harm": "self_harm",
    "asked_violence": "violence",
    "asked_child": "child_harm",
    "asked_basics": "",
}
MET, NOT_MET = "yes", "no"
LONGEST_NOTE = 8_000


def offer(form, name, choices):
    """Give a field of a form its choices for this request."""
    field = form.fields[name]
    field.choices = list(choices)


def pills(choices, label, **kwargs):
    """Several of a few."""
    kwargs.setdefault("required", False)
    return forms.MultipleChoiceField(label=label, choices=list(choices), widget=forms.CheckboxSelectMultiple, **kwargs)


def one_of(choices, label, **kwargs):
    """One of a few, none of them chosen beforehand."""
    kwargs.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **kwargs)


def risk_question(label, hint=""):
    """없음, 있음, 묻지 못함: never chosen beforehand."""
    return one_of(Answer.choices, label, help_text=hint)


def minutes_field(preset):
    """How long it took, set beforehand so that nobody has to type it."""
    return forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440, initial=preset)


class ContactForm(forms.Form):
    """Names of fields are those of Contact where they mean the same; `entry()` gives its columns."""

    use_required_attribute = False

    channel = one_of(Channel.choices, _("How"), required=True)
    met = one_of([(MET, _("Met")), (NOT_MET, _("Not met"))], _("Were they met?"), required=True)
    at = MomentChoice(label=_("When"))
    other_at = LocalMoment(label=_("Another time"), required=False)
    people = pills([], _("With whom"), help_text=_("more than one if needed"))
    topics = pills(words.TOPICS.items(), _("About what"))
    asked_self_harm = risk_question(_("Talk of death, self-harm"))
    asked_violence = risk_question(_("Violence, threats"), _("asked only when alone"))
    asked_child = risk_question(_("A child in danger"))
    asked_basics = risk_question(_("Food, power, heating"))
    alone = forms.BooleanField(label=_("Violence was asked about while alone with the person."), required=False)
    missing = pills([(tag, words.RISK_TAGS[tag]) for tag in ("no_food", "no_heat_power")], _("What is missing"))
    marks = pills([*words.GOOD_TAGS.items(), *words.LIFE_TAGS.items()], _("What came up"))
    outcome = one_of(words.OUTCOMES.items(), _("How did it end?"))
    signs = pills(words.SIGNS.items(), _("What was seen"), help_text=_("more than one if needed"))
    left = pills(words.LEFT.items(), _("What was left"))
    returned = forms.BooleanField(label=words.ATTEMPT_TAGS["returned_mail"], required=False)
    summary = forms.CharField(
        label=pgettext_lazy("contact", "Note"),
        help_text=_("what was seen and what was said, apart"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    next = MomentChoice(label=_("Next contact"), required=False)
    next_other = LocalMoment(label=_("Another day"), required=False)
    next_channel = forms.ChoiceField(label=_("How then"), required=False, choices=[("", "—"), *Channel.choices])
    minutes = minutes_field(40)
    tried_minutes = minutes_field(5)
    level = one_of(Level.choices, _("Who may read this"), initial=Level.CENTRE)

    def __init__(self, *args, members, now, times, next_times, counsellor=False, **kwargs):
        """`members`: Member list; `times`, `next_times`: choices (value, words); `now`: the moment of the request."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.now = now
        self.members = {member.person.case_number: member.person for member in members}
        offer(self, "people", [(member.person.case_number, member.name) for member in members])
        offer(self, "at", [*times, (OTHER, _("Another time"))])
        offer(self, "next", [*next_times, (OTHER, _("Another day"))])
        # Talks on line come with files; the form offers them only where one is being corrected.
        online = {Channel.ONLINE} - {self.initial.get("channel")}
        offer(self, "channel", [pair for pair in Channel.choices if pair[0] not in online])
        levels = [pair for pair in Level.choices if counsellor or pair[0] != Level.COUNSELLING]
        offer(self, "level", levels)

    @property
    def level_words(self):
        """Who may read it as things are chosen now, for the folded line."""
        return dict(Level.choices).get(self["level"].value(), "")

    def clean(self):
        """Check the half that fits `met`; what the other half holds is not looked at."""
        super().clean()
        data = self.cleaned_data
        self._clean_times(data)
        if data.get("met") == MET:
            self._clean_met(data)
        elif data.get("met") == NOT_MET and not data.get("outcome"):
            self.add_error("outcome", _("Please say how the attempt ended."))
        return data

    def _clean_times(self, data):
        if data.get("at") == OTHER and not data.get("other_at") and "other_at" not in self.errors:
            self.add_error("other_at", _("Please say when it was."))
        at = self.moment()
        if at and at > self.now:
            self.add_error("other_at" if data["at"] == OTHER else "at", _("This time lies in the future."))
        coming = self.next_moment()
        if data.get("next") == OTHER and coming is None and "next_other" not in self.errors:
            self.add_error("next_other", _("Please say when the next contact is."))
        if coming and at and coming <= at:
            self.add_error(
                "next_other" if data["next"] == OTHER else "next", _("The next contact lies after this one.")
            )

    def _clean_met(self, data):
        if not data.get("people"):
            self.add_error("people", _("Please say who was spoken with."))
        if data.get("channel") in FACE_TO_FACE:
            for name in QUESTIONS:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Please answer: no, yes, or could not ask."))
        if data.get("asked_violence") == Answer.NO and len(data.get("people", ())) > 1 and not data.get("alone"):
            self.add_error(
                "asked_violence", _("A “no” counts only when alone with the person; else choose “could not ask”.")
            )
        if data.get("asked_basics") == Answer.YES and not data.get("missing"):
            self.add_error("missing", _("Please say what is missing: food, or power and heating."))

    def moment(self):
        """When it took place, or None while that is not known."""
        data = self.cleaned_data
        return data.get("other_at") if data.get("at") == OTHER else moment_of(data.get("at") or "")

    def next_moment(self):
        """When the next contact is planned, or None."""
        data = self.cleaned_data
        return data.get("next_other") if data.get("next") == OTHER else moment_of(data.get("next") or "")

    def people_met(self):
        """Return the persons who were spoken with; nobody for an attempt."""
        chosen = self.cleaned_data["people"] if self.cleaned_data["met"] == MET else ()
        return [self.members[number] for number in chosen]

    def entry(self):
        """Return the columns of Contact; call it when the form is valid."""
        data = self.cleaned_data
        coming = self.next_moment()
        return {
            "occurred_at": self.moment(),
            "channel": data["channel"],
            "contact_made": data["met"] == MET,
            "minutes": data["minutes"] if data["met"] == MET else data["tried_minutes"],
            "summary": data["summary"].strip(),
            "level": data["level"] or Level.CENTRE,
            "next_at": coming,
            "next_channel": self._next_channel() if coming else "",
            **(self._met() if data["met"] == MET else self._attempt()),
        }

    def _next_channel(self):
        data = self.cleaned_data
        return data["next_channel"] if data["next"] == OTHER else data["next"].partition("|")[2]

    def _met(self):
        data = self.cleaned_data
        yes = {tag for name, tag in QUESTIONS.items() if tag and data[name] == Answer.YES}
        basics = set(data["missing"]) if data["asked_basics"] == Answer.YES else set()
        asked_alone = data["asked_violence"] in (Answer.YES, Answer.NO)
        alone = (data["alone"] or len(data["people"]) == 1) if asked_alone else None
        return {
            "topics": data["topics"],
            "tags": ordered(yes | basics | set(data["marks"])),
            "seen": "",
            "alone": alone,
            **{name: data[name] for name in QUESTIONS},
        }

    def _attempt(self):
        data = self.cleaned_data
        tags = {words.OUTCOME_TAGS[data["outcome"]]} if data["outcome"] in words.OUTCOME_TAGS else set()
        tags |= {"returned_mail"} if data["returned"] else set()
        return {
            "topics": [],
            "tags": ordered(tags),
            "seen": " ".join([data["outcome"], *data["signs"], *data["left"]]),
            "alone": None,
            **dict.fromkeys(QUESTIONS, ""),
        }


def ordered(tags):
    """Return tags in the order of the closed list, so that the same choice is always the same record."""
    return [tag for tag in words.TAGS if tag in tags]


def initial_of(contact):
    """Return the form's initial data that a recorded contact stands for: the opposite of `entry()`."""
    seen = contact.seen.split()
    return {
        "channel": contact.channel,
        "met": MET if contact.contact_made else NOT_MET,
        "at": OTHER,
        "other_at": contact.occurred_at,
        "people": [p.person.case_number for p in contact.participants.select_related("person").order_by("id")],
        "topics": contact.topics,
        "alone": contact.alone,
        "missing": [tag for tag in contact.tags if tag in ("no_food", "no_heat_power")],
        "marks": [tag for tag in contact.tags if tag in words.GOOD_TAGS or tag in words.LIFE_TAGS],
        "outcome": next((code for code in seen if code in words.OUTCOMES), ""),
        "signs": [code for code in seen if code in words.SIGNS],
        "left": [code for code in seen if code in words.LEFT],
        "returned": "returned_mail" in contact.tags,
        "summary": contact.summary,
        "next": OTHER if contact.next_at else "",
        "next_other": contact.next_at,
        "next_channel": contact.next_channel,
        "minutes": contact.minutes,
        "tried_minutes": contact.minutes,
        "level": contact.level,
        **{name: getattr(contact, name) for name in QUESTIONS},
    }

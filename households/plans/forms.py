"""The forms of a plan: what it says, a step, the agreement, a review, the end. Errors stand beside the field."""

import json

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households.extensions.forms import Keyed, Plain
from households.forms.moments import Day
from households.models import PlanReview, PlanSignature, PlanStep, ServicePlan
from households.models.assessment import Domain
from households.models.plan import Outcome
from households.models.planreview import Stands
from households.plans.drawn import LONGEST
from households.plans.merging import flat, told
from households.plans.writing import GOALS

BLANK = 3
"""Empty goals that the form offers below those that stand."""
CLIENT, OTHER = "client", "other"


def _label(model, name):
    return model._meta.get_field(name).verbose_name


def _area(label, length, *, rows=3, required=False, help_text=""):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, help_text=help_text)


class PlanForm(Keyed):
    """What a plan says: the wish, the goals. Each goal is four fields `goal-N-…`; an empty one is left out.

    `version` and `opened` carry what the form was opened with, so that of two authors neither overwrites the other.
    `draft`: under which key it is kept while it is written; `resume`: where it is taken up again.
    """

    subject = forms.ChoiceField(label=_("Whom is it about"), required=False, widget=forms.RadioSelect)
    wish = _area(_label(ServicePlan, "wish"), 2000, help_text=_("as it was said, not as we would put it"))
    summary = _area(_label(ServicePlan, "summary"), 2000, rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)
    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
    resume = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, members=(), plan=None, goals=(), **kwargs):
        """`members`: who a new plan can be about; `plan`: the one that is changed, with its `goals`."""
        if plan is not None:
            said = told(plan, goals)
            begun = flat(said) | {"version": plan.version, "opened": json.dumps(said, ensure_ascii=False)}
            kwargs["initial"] = begun | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for place in range(GOALS):
            self._add(place)
        self.people = {member.person.case_number: member.person for member in members}
        subject: forms.ChoiceField = self.fields["subject"]  # type: ignore[assignment]
        subject.choices = [("", _("The household as a whole")), *((m.person.case_number, m.name) for m in members)]
        for name in ("subject", "client_key") if plan is not None else ("version", "opened"):
            del self.fields[name]

    def _add(self, place):
        said = {"n": place + 1}
        domain = forms.ChoiceField(
            label=_("Goal %(n)s: domain") % said, choices=[("", "—"), *Domain.choices], required=False
        )
        domain.depends = True  # type: ignore[attr-defined]  # an empty goal is none
        fields = {
            "pk": forms.IntegerField(widget=forms.HiddenInput, required=False),
            "client_words": _area(_("Goal %(n)s: in the client's words") % said, 500, rows=2),
            "words": _area(_("Goal %(n)s: in our words") % said, 500, rows=2),
            "domain": domain,
        }
        self.fields |= {f"goal-{place}-{name}": field for name, field in fields.items()}

    @property
    def goals(self):
        """The bound fields of the goals to show: those with something in them, and the first empty ones."""
        rows = [{name: self[f"goal-{place}-{name}"] for name in GOAL} for place in range(GOALS)]
        filled = [row for row in rows if any(field.value() for field in row.values())]
        return filled + [row for row in rows if row not in filled][:BLANK]

    def clean_subject(self):
        """Return the person, or None for the household."""
        return self.people.get(self.cleaned_data["subject"])

    def clean(self):
        """A goal has the client's words and a domain; our words are optional."""
        super().clean()
        for goal, place in self._filled():
            if not goal["client_words"]:
                self.add_error(f"goal-{place}-client_words", gettext("Please write the goal as the client said it."))
            if not goal["domain"]:
                self.add_error(f"goal-{place}-domain", gettext("Please choose a domain."))
        return self.cleaned_data

    def _filled(self):
        for place in range(GOALS):
            goal = {name: self.cleaned_data.get(f"goal-{place}-{name}") or "" for name in GOAL}
            if goal["client_words"] or goal["words"]:
                yield goal | {"pk": goal["pk"] or None}, place

    def said(self):
        """Return what the verb takes: wish, summary and goals."""
        data = self.cleaned_data
        return {"wish": data["wish"], "summary": data["summary"], "goals": [goal for goal, _place in self._filled()]}


GOAL = ("pk", "client_words", "words", "domain")


class StepForm(Keyed):
    """One step: what, by whom, until when."""

    goal = forms.ChoiceField(label=_("Towards which goal"), required=False)
    what = forms.CharField(label=_label(PlanStep, "what"), max_length=200)
    who = forms.ChoiceField(label=_("Whose step is it"), widget=forms.RadioSelect)
    owner_words = forms.CharField(
        label=_label(PlanStep, "owner_words"),
        help_text=_("only where somebody else does it"),
        max_length=80,
        required=False,
    )
    due_on = Day(label=_label(PlanStep, "due_on"))

    def __init__(self, *args, goals, workers, **kwargs):
        """`goals`: those of the plan; `workers`: users who look after the household."""
        super().__init__(*args, **kwargs)
        self.by_goal, self.workers = {str(goal.pk): goal for goal in goals}, {str(one.pk): one for one in workers}
        goal: forms.ChoiceField = self.fields["goal"]  # type: ignore[assignment]
        who: forms.ChoiceField = self.fields["who"]  # type: ignore[assignment]
        goal.choices = [("", _("The plan as a whole")), *((key, one.client_words) for key, one in self.by_goal.items())]
        mine = [(key, str(one)) for key, one in self.workers.items()]
        who.choices = [*mine, (CLIENT, _("The client")), (OTHER, _("Another agency or person"))]

    def clean(self):
        """Another agency is named; of the rest nothing is asked."""
        super().clean()
        data = self.cleaned_data
        if data.get("who") == OTHER and not data.get("owner_words"):
            self.add_error("owner_words", gettext("Please name the agency or the person."))
        if data.get("who") != OTHER:
            data["owner_words"] = ""
        return data

    def said(self):
        """Return (the goal or None, the words of the step)."""
        data = self.cleaned_data
        words = {name: data[name] for name in ("what", "due_on", "owner_words", "client_key")}
        return self.by_goal.get(data["goal"]), words | {"owner": self.workers.get(data["who"])}


class DoneForm(Plain):
    """On which day a step was done."""

    done_on = Day(label=_label(PlanStep, "done_on"))


class ReasonForm(Plain):
    """Why a step is taken off, or a draft set aside."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class SignForm(Plain):
    """How the client agreed. Each way asks for its own field; nothing is chosen beforehand."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    person = forms.ChoiceField(label=_("Who agrees"), widget=forms.RadioSelect)
    signed_on = Day(label=_label(PlanSignature, "signed_on"))
    way = forms.ChoiceField(
        label=_label(PlanSignature, "way"), choices=PlanSignature.Way.choices, widget=forms.RadioSelect
    )
    points = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST, required=False)
    witness = forms.CharField(
        label=_label(PlanSignature, "witness"), help_text=_("for one given on paper"), max_length=80, required=False
    )
    reason = _area(
        _label(PlanSignature, "reason"),
        500,
        rows=2,
        help_text=_("where they did not want to sign; the plan may still run"),
    )

    def __init__(self, *args, members, **kwargs):
        """`members`: who can agree."""
        super().__init__(*args, **kwargs)
        self.people = {member.person.case_number: member.person for member in members}
        person: forms.ChoiceField = self.fields["person"]  # type: ignore[assignment]
        person.choices = [(member.person.case_number, member.name) for member in members]

    def clean_person(self):
        """Return the Person."""
        return self.people[self.cleaned_data["person"]]

    def clean(self):
        """Paper has a witness, a refusal its reason."""
        super().clean()
        way = self.cleaned_data.get("way")
        if way == PlanSignature.Way.PAPER and not self.cleaned_data.get("witness"):
            self.add_error("witness", gettext("Please say who was there when it was signed."))
        if way == PlanSignature.Way.DECLINED and not self.cleaned_data.get("reason"):
            self.add_error("reason", gettext("Please write what the client said about it."))
        return self.cleaned_data


class OfGoals(Keyed):
    """Base of forms that ask the same about each goal: the field of a goal is `goal-<its id>`."""

    def ask(self, goals, choices, label):
        """Add a field for each of `goals`."""
        self.of_goals = {goal.pk: f"goal-{goal.pk}" for goal in goals}
        for goal in goals:
            self.fields[self.of_goals[goal.pk]] = forms.ChoiceField(
                label=label % {"goal": goal.client_words}, choices=choices, widget=forms.RadioSelect
            )

    def answers(self):
        """Return {id of a goal: the answer}."""
        return {goal: self.cleaned_data[name] for goal, name in self.of_goals.items()}


class ReviewForm(OfGoals):
    """A review: the day, how each goal stands, and in words how it goes."""

    done_on = Day(label=_label(PlanReview, "done_on"))
    words = _area(_label(PlanReview, "words"), 3000, rows=4, required=True, help_text=_("also what the client says"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask(goals, Stands.choices, _("How does it stand: “%(goal)s”"))


class EndForm(OfGoals):
    """The end: what came of each goal and of the plan as a whole."""

    ended_on = Day(label=_("Ended on"))
    outcome = forms.ChoiceField(
        label=_("What came of the plan as a whole"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    words = _area(_("In a few words"), 2000, help_text=_("what helped, what is left, what the client says"))

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask(goals, Outcome.choices, _("What came of: “%(goal)s”"))

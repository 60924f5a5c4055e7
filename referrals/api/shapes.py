"""What the interface takes and answers, as the description says it. Answers are made by `shown`, not by serializers."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from referrals.drafts import MOST_DESIRED
from referrals.holding import HELD_FOR
from referrals.models import Message
from referrals.packing import PICKED
from referrals.states import NEEDS, Ground, Outcome, Status, Urgency, Waits

MOST = 100
TEXT = 5000


def optional(limit=TEXT, **options):
    """Return a field of text that may be left out or empty."""
    return serializers.CharField(max_length=limit, required=False, allow_blank=True, default="", **options)


class AgencyRef(serializers.Serializer):
    """An agency, by the number that `agencies` lists."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class Row(serializers.Serializer):
    """One referral in a list."""

    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    turn = serializers.ChoiceField(["ours", "theirs", ""], help_text=_("whose agency must do the next step"))
    need = serializers.ChoiceField(NEEDS)
    urgency = serializers.ChoiceField(Urgency.choices)
    title = serializers.CharField()
    from_agency = AgencyRef()
    to_agency = AgencyRef()
    sent_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text=_("when the clock that counts now runs out"))
    late = serializers.BooleanField()


class Page(serializers.Serializer):
    """Up to `limit` referrals, the newest first; `next` is the cursor of the following page, or null."""

    results = Row(many=True)
    next = serializers.CharField(allow_null=True)


class DesiredShown(serializers.Serializer):
    """A hoped-for result, and what came of it."""

    order = serializers.IntegerField()
    text = serializers.CharField()
    whom = serializers.CharField(allow_blank=True)
    result = serializers.ChoiceField([*Outcome.choices, ("", "")])
    result_text = serializers.CharField(allow_blank=True)


class MessageShown(serializers.Serializer):
    """What one of the two agencies said."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(["comment", "question", "answer"])
    text = serializers.CharField()
    agency = AgencyRef()
    at = serializers.DateTimeField()


class Moments(serializers.Serializer):
    """When each thing happened; null: not yet."""

    sent_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    contacted_at = serializers.DateTimeField(allow_null=True)
    provided_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    failed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class One(Row):
    """One referral as the caller's side may read it; its ETag is what a step names in `If-Match`."""

    request = serializers.CharField(allow_blank=True)
    closed_because = serializers.CharField(allow_blank=True, help_text=_("why the receiver reads nothing more"))
    ground = serializers.ChoiceField([*Ground.choices, ("", "")])
    packet = serializers.DictField(help_text=_("exactly what the receiver sees"))
    desired = DesiredShown(many=True)
    messages = MessageShown(many=True)
    handler = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField([*Outcome.choices, ("", "")])
    outcome_text = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    waits_for = serializers.ChoiceField([*Waits.choices, ("", "")])
    moments = Moments()
    rerouted_from = serializers.CharField(allow_null=True)
    rerouted_to = serializers.CharField(allow_null=True)
    steps = serializers.ListField(child=serializers.CharField(), help_text=_("the steps that are open to the caller"))


class Asked(serializers.Serializer):
    """The filters of the list."""

    box = serializers.ChoiceField(["in", "out"], required=False, help_text=_("received or sent; without it both"))
    status = serializers.ChoiceField(Status.choices, required=False)
    need = serializers.ChoiceField(NEEDS, required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    turn = serializers.ChoiceField(["ours", "theirs"], required=False)
    changed_since = serializers.DateTimeField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=20)
    cursor = serializers.CharField(max_length=14, required=False)


class DesiredWritten(serializers.Serializer):
    """A hoped-for result, for the household or for one member by case number."""

    text = serializers.CharField(max_length=200)
    case_number = optional(12)


class ConsentWritten(serializers.Serializer):
    """A consent on paper: the day, until when, and who agreed by case number."""

    on = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True, default=None)
    case_number = optional(12)


class Written(serializers.Serializer):
    """A referral to write. It becomes a draft; with `send` it is sent at once, if the token allows that."""

    household = optional(10, help_text=_("household number; or case_number"))
    case_number = optional(12, help_text=_("the one person it is about; without it the household"))
    to_agency = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    need = serializers.ChoiceField(NEEDS)
    urgency = serializers.ChoiceField(Urgency.choices, default=Urgency.USUAL)
    title = serializers.CharField(max_length=120)
    request = serializers.CharField(max_length=TEXT)
    sections = serializers.ListField(
        child=serializers.ChoiceField(PICKED), required=False, default=list, max_length=len(PICKED)
    )
    facts = optional()
    tried = optional()
    health = optional()
    desired = DesiredWritten(many=True, required=False, default=list, max_length=MOST_DESIRED)
    ground = serializers.ChoiceField(Ground.choices)
    consent = ConsentWritten(required=False, allow_null=True, default=None)
    note = optional(200, help_text=_("why it cannot wait, for urgent danger"))
    send = serializers.BooleanField(default=False)


# --- what each step asks for ---


class NoWords(serializers.Serializer):
    """A step without words."""


class WithReason(serializers.Serializer):
    """A step that needs a reason; the other agency reads it."""

    reason = serializers.CharField(max_length=1000)


class Accepting(serializers.Serializer):
    """Who takes it, by log-in name; without it the system's own user."""

    handler = optional(60)


class Rerouting(WithReason):
    """To which agency it is passed on."""

    to_agency = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class Holding(WithReason):
    """For whom it waits."""

    waits_for = serializers.ChoiceField([(waits.value, waits.label) for waits in HELD_FOR])


class Result(serializers.Serializer):
    """What came of one hoped-for result."""

    order = serializers.IntegerField(min_value=1, max_value=MOST_DESIRED)
    result = serializers.ChoiceField(Outcome.choices)
    text = optional(300)


class Providing(serializers.Serializer):
    """What came of it: of each hoped-for result, or where there is none of the whole."""

    text = serializers.CharField(max_length=2000)
    outcome = serializers.ChoiceField([*Outcome.choices, ("", "")], required=False, default="")
    results = Result(many=True, required=False, default=list, max_length=MOST_DESIRED)


BODIES: dict[str, type[serializers.Serializer]] = {
    "send": NoWords,
    "acknowledge": NoWords,
    "accept": Accepting,
    "decline": WithReason,
    "reroute": Rerouting,
    "begin": NoWords,
    "hold": Holding,
    "resume": NoWords,
    "provide": Providing,
    "fail": WithReason,
    "confirm": NoWords,
    "return": WithReason,
    "close": NoWords,
    "cancel": WithReason,
}


class Said(serializers.Serializer):
    """A line of the thread: a comment of either side, a question of the receiver, an answer of the sender to one."""

    kind = serializers.ChoiceField(Message.Kind.choices)
    text = serializers.CharField(max_length=2000)
    answers = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        allow_null=True,
        default=None,
        help_text=_("of an answer: the id of its question"),
    )


class ServicesAsked(serializers.Serializer):
    """The filters of the directory."""

    need = serializers.ChoiceField(NEEDS, required=False)
    district = serializers.RegexField(r"^\d{1,10}$", required=False, help_text=_("code of a district or province"))
    page = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    per_page = serializers.IntegerField(min_value=1, max_value=MOST, default=20)


class Services(serializers.Serializer):
    """A page of services in the words of Open Referral HSDS 3."""

    total_items = serializers.IntegerField()
    total_pages = serializers.IntegerField()
    page_number = serializers.IntegerField()
    size = serializers.IntegerField()
    first_page = serializers.BooleanField()
    last_page = serializers.BooleanField()
    empty = serializers.BooleanField()
    contents = serializers.ListField(child=serializers.DictField())


class Agency(serializers.Serializer):
    """An agency that help can be asked of."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)


class Agencies(serializers.Serializer):
    """Every agency."""

    results = Agency(many=True)

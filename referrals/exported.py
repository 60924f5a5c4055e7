"""The list of referrals as a file: the rows of a box of the inbox, as the page shows them to the same user."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from casework.agencies.roles import May, can
from casework.exports.kinds import Kind, Line
from casework.templatetags.format import fullday
from households.models import Person
from households.models.data_request import Scope
from households.requests.restricting import restricted
from referrals import inbox
from referrals.models import Referral


class ReferralList(Kind):
    """A box of the inbox; rows whose contents are closed to the user stand there as on the page, without them, and so
    do rows about somebody who has had sharing with others stopped."""

    code = "referrals"
    label = gettext_lazy("List of referrals")

    def allows(self, user):
        """Those who have an inbox may take it away."""
        return can(user, May.REFER) or can(user, May.RECEIVE)

    def narrowed(self, given, user):
        """`box`: the one asked for, else the one that the inbox opens with."""
        return {"box": inbox.box_asked(user, given.get("box"))}

    def said(self, asked):
        """The name of the box."""
        return str(inbox.LABELS.get(asked.get("box"), ""))

    def back(self, asked):
        """The box on screen."""
        return f"{reverse('referrals:inbox')}?box={asked['box']}"

    def header(self):
        """The columns: what a row of the inbox says."""
        return [
            _("Number"),
            _("Title"),
            _("Request"),
            _("What is needed"),
            pgettext("letter", "From"),
            pgettext("letter", "To"),
            _("Who has it"),
            _("State"),
            _("Whose turn"),
            _("Deadline"),
            _("Sent on"),
        ]

    def ids(self, user, asked, *, now):
        """The referrals of the box in the order of the page."""
        return list(inbox.rows_in(user, asked["box"]).values_list("pk", flat=True))

    def lines(self, user, asked, ids, *, now):
        """As the inbox shows them; one that has left the box meanwhile is left out."""
        rows = inbox.shown_of(user, ids, box=asked["box"], now=now)
        stopped = _stopped({person for row in rows for person in row["subjects"]})
        return [_line(_without(row) if stopped.intersection(row["subjects"]) else row) for row in rows]

    def still(self, user, records, closed):
        """Every row is visible still, and the contents of those that were read may be read still."""
        seen = Referral.objects.visible_to(user).filter(pk__in=[*records, *closed]).count()
        read = Referral.objects.read_by(user).filter(pk__in=records).count()
        if (seen, read) != (len(records) + len(closed), len(records)):
            return False
        told = Referral.objects.filter(pk__in=records).order_by().values_list("packet__subjects", flat=True)
        return not _stopped({person for people in told for person in people or ()})


def _stopped(people):
    """Return those of `people` (ids) who have had sharing with others stopped."""
    stopped = Person.objects.filter(pk__in=people).filter(pk__in=restricted(Scope.SHARING).people())
    return set(stopped.order_by().values_list("pk", flat=True))


def _without(row):
    return row | {"title": _("Use of data stopped"), "said": "", "who": "", "subjects": [], "closed": True}


def _line(row):
    referral = row["referral"]
    deadline = " · ".join(str(word) for word in (row["what"], row["due"]) if word)
    turns = {"": "–", True: _("Our turn"), False: _("Their turn")}
    cells = [
        referral.number,
        row["title"],
        row["said"],
        referral.get_need_display(),
        referral.from_agency,
        referral.to_agency,
        row["who"] or "–",
        referral.get_status_display(),
        turns[referral.ours if referral.turn else ""],
        deadline,
        fullday(referral.sent_at),
    ]
    return Line(referral.pk, cells, row["subjects"], [referral.household_id], closed=row["closed"])

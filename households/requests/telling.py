"""Who is told of a data request: who answers it. Numbers only."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.telling.actions import tell
from casework.telling.kinds import Kind
from households.models import Responsibility
from households.models.circle import TODAY, Membership

KINDS = (
    Kind("data_request", _("Somebody asks about their own data")),
    Kind("data_refusal", _("A refusal waits for a second signature")),
)


def who_answers(request, kind, *, by, now):
    """Tell the supervisors and the head of the centre that keeps the person's file."""
    homes = Membership.objects.current().during(TODAY).filter(person=request.person_id, kind="living")
    rows = Responsibility.objects.current().during(TODAY).filter(household__in=homes.order_by().values("household"))
    users = User.objects.who_may(May.REVIEW).people().filter(agency__in=rows.order_by().values("center"))
    url = ("households:data_request", request.number)
    tell(list(users.order_by("id")), kind, label=request.number, url=url, now=now, by=by)

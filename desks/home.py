"""`/`: the desk that a user's role begins the day with."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from casework.agencies.roles import May, can
from desks.centre.supervisor import supervisor
from desks.protection.ministry import ministry
from desks.receiving import receiving
from desks.today.views import today

# The first word that the user's grants carry decides; wider desks stand before narrower ones.
DESKS = (
    (May.SEE_CENTRE, supervisor),
    (May.SEE_CASELOAD, today),
    (May.SEE_REGISTER, receiving),
    (May.DECIDE_PROTECTION, ministry),
)
ELSEWHERE = (
    (May.SEE_FIGURES, "desks:map"),
    (May.RECEIVE, "referrals:inbox"),
    (May.SEE_LOGS, "desks:logs"),
    (May.ADMINISTER, "desks:people"),
)


@require_safe
def home(request) -> HttpResponse:
    """Show the user's desk, or lead to the page that is one; somebody without a role is told whom to ask."""
    for word, desk in DESKS:
        if can(request.user, word):
            return desk(request)
    for word, name in ELSEWHERE:
        if can(request.user, word):
            return redirect(name)
    return render(request, "desks/nothing.html")

"""URLs of desks, in the order of its views."""

from django.urls import include, path

from desks import home, people, person, receiving, search
from desks.atrisk import views as atrisk
from desks.backtest import views as backtest
from desks.case import views as cases
from desks.centre import absences, digest, reassigning, supervisor, uptodate
from desks.changes import views as changes
from desks.day import views as days
from desks.figures import outcomes
from desks.figures import people as population
from desks.figures import sent as reported
from desks.figures import views as figures
from desks.household import views as household
from desks.inquiry import views as inquiries
from desks.logs import views as logs
from desks.today import views as today

app_name = "desks"
urlpatterns = [
    path("", home.home, name="home"),
    path("today/", today.today, name="today"),
    path("day/", days.day, name="day"),
    path("day/put-off/", days.snooze, name="snooze"),
    path("day/put-off/<int:pk>/end/", days.snooze_lift, name="snooze_lift"),
    path("day/route/", days.route, name="route"),
    path("centre/", supervisor.supervisor, name="supervisor"),
    path("centre/week/", digest.digest, name="digest"),
    path("centre/again/", uptodate.run_again, name="run_again"),
    path("centre/absences/", absences.absences, name="absences"),
    path("centre/absences/<int:fact_id>/back/", absences.back, name="back"),
    path("centre/reassign/", reassigning.plan, name="reassign"),
    path("centre/reassign/give/", reassigning.give, name="give_many"),
    path("centre/reassign/<int:pk>/undo/", reassigning.undo, name="undo_reassign"),
    path("centre/<str:number>/assign/", supervisor.assign_one, name="assign_one"),
    path("office/", receiving.receiving, name="receiving"),
    path("at-risk/", atrisk.at_risk, name="list"),
    path("at-risk/assign/", atrisk.assign_selected, name="assign"),
    path("households/<str:number>/", household.household, name="household"),
    path("households/<str:number>/case/", cases.case, name="case"),
    path("conferences/", include("desks.conferences.urls")),
    path("households/<str:number>/inquiry/", inquiries.inquiry, name="inquiry"),
    path("households/<str:number>/inquiry/file/", inquiries.paper, name="inquiry_file"),
    path("persons/<str:case_number>/", person.person, name="person"),
    path("search/", search.find, name="search"),
    path("figures/", figures.figures, name="map"),
    path("risk/changes/", changes.changes, name="changes"),
    path("risk/changes/new/<str:code>/", changes.change_new, name="change_new"),
    path("risk/changes/<int:pk>/", changes.change, name="change"),
    path("risk/changes/<int:pk>/calculate/", changes.change_calculate, name="change_calculate"),
    path("risk/changes/<int:pk>/file/", changes.change_file, name="change_file"),
    path("risk/changes/<int:pk>/read/<str:number>/", changes.change_read, name="change_read"),
    path("risk/changes/<int:pk>/<str:verb>/", changes.change_step, name="change_step"),
    path("backtest/", backtest.page, name="backtest"),
    path("backtest/start/", backtest.start, name="backtest_start"),
    path("backtest/<int:pk>/cancel/", backtest.cancel, name="backtest_cancel"),
    path("", include("desks.closings.urls")),
    path("figures/file/", figures.download, name="figures_file"),
    path("protection/", include("desks.protection.urls")),
    path("figures/people/", population.people_figures, name="people_figures"),
    path("figures/people/file/", population.people_file, name="people_file"),
    path("figures/outcomes/", outcomes.outcome_figures, name="outcome_figures"),
    path("figures/outcomes/file/", outcomes.outcome_file, name="outcome_file"),
    path("figures/reports/", reported.reports_sent, name="reports_sent"),
    path("supervision/", include("desks.supervision.urls")),
    path("monthly/", include("desks.monthly.urls")),
    path("surveys/", include("desks.campaigns.urls")),
    path("data-requests/", include("desks.requests.urls")),
    path("network/", include("desks.network.urls")),
    path("logs/", logs.logs, name="logs"),
    path("logs/<int:entry_id>/", logs.affected, name="affected"),
    path("logs/file/", logs.download, name="logs_file"),
    path("users/", people.people, name="people"),
    path("users/<int:pk>/", people.one_user, name="user"),
    path("users/<int:pk>/give/", people.give, name="give"),
    path("users/<int:pk>/grants/<int:grant_id>/revoke/", people.revoke, name="revoke"),
]

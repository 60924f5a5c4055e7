"""URLs of desks, in the order of its views."""

from django.urls import path

from desks import figures, home, household, list, logs, people, person, receiving, search, supervisor, today

app_name = "desks"
urlpatterns = [
    path("", home.home, name="home"),
    path("today/", today.today, name="today"),
    path("centre/", supervisor.supervisor, name="supervisor"),
    path("centre/<str:number>/assign/", supervisor.assign_one, name="assign_one"),
    path("office/", receiving.receiving, name="receiving"),
    path("at-risk/", list.at_risk, name="list"),
    path("at-risk/assign/", list.assign_selected, name="assign"),
    path("households/<str:number>/", household.household, name="household"),
    path("persons/<str:case_number>/", person.person, name="person"),
    path("search/", search.find, name="search"),
    path("figures/", figures.figures, name="map"),
    path("figures/file/", figures.download, name="figures_file"),
    path("logs/", logs.logs, name="logs"),
    path("logs/<int:entry_id>/", logs.affected, name="affected"),
    path("logs/file/", logs.download, name="logs_file"),
    path("users/", people.people, name="people"),
    path("users/<int:pk>/", people.one_user, name="user"),
    path("users/<int:pk>/give/", people.give, name="give"),
    path("users/<int:pk>/grants/<int:grant_id>/revoke/", people.revoke, name="revoke"),
]

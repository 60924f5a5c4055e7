"""URLs about the person who is logged in."""

from django.urls import path

from casework.agencies import views
from casework.agencies.roster import views as roster

app_name = "agencies"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("keys/", views.keys, name="keys"),
    path("again/", views.again, name="again"),
    path("awake/", views.awake, name="awake"),
    path("duty/", roster.duty, name="duty"),
    path("duty/<int:pk>/end/", roster.duty_end, name="duty_end"),
    path("closed-days/", roster.closures, name="closures"),
    path("closed-days/<int:pk>/end/", roster.closure_end, name="closure_end"),
]

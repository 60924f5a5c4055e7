"""URLs of the alarms, in the order of their views; included by those of referrals."""

from django.urls import path

from referrals.alarms import views

urlpatterns = [
    path("", views.alarms, name="alarms"),
    path("<int:pk>/seen/", views.alarm_seen, name="alarm_seen"),
]

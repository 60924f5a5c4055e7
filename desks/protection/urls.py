"""URLs of the days before the end of protection, in the order of their views; part of desks."""

from django.urls import path

from desks.protection import views

urlpatterns = [
    path("", views.protection, name="protection"),
    path("calendar/", views.protection_calendar, name="protection_calendar"),
    path("calendar/file/", views.protection_ics, name="protection_ics"),
    path("feed/", views.protection_feed, name="protection_feed"),
    path("feed/end/", views.protection_feed_end, name="protection_feed_end"),
    path("feed/<str:secret>.ics", views.protection_feed_file, name="protection_feed_file"),
]

"""URLs about the person who is logged in."""

from django.urls import path

from casework.agencies import views

app_name = "agencies"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("keys/", views.keys, name="keys"),
    path("awake/", views.awake, name="awake"),
]

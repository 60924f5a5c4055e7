"""Pages about the interfaces, in the order of the views."""

from django.urls import path

from casework.api import views

app_name = "interfaces"
urlpatterns = [
    path("", views.listed, name="tokens"),
    path("issue/", views.issue, name="issue"),
    path("<int:pk>/revoke/", views.revoke, name="revoke"),
    path("docs/", views.docs, name="docs"),
]

"""Pages of webhooks, in the order of the views."""

from django.urls import path

from referrals.webhooks import views

urlpatterns = [
    path("", views.listed, name="webhooks"),
    path("add/", views.add, name="webhook_add"),
    path("<int:pk>/end/", views.end, name="webhook_end"),
    path("letters/<int:pk>/again/", views.again, name="webhook_again"),
]

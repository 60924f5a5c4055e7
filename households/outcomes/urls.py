"""URLs of outcomes, in the order of their views; taken up by those of households."""

from django.urls import path

from households.outcomes import views

urlpatterns = [
    path("", views.outcomes, name="outcomes"),
    path("new/", views.outcome, name="outcome"),
    path("none/", views.outcome_none, name="outcome_none"),
    path("<str:kind>/<int:fact_id>/edit/", views.outcome_edit, name="outcome_edit"),
    path("<str:kind>/<int:fact_id>/withdraw/", views.outcome_withdraw, name="outcome_withdraw"),
]

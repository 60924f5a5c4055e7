"""URLs of conflicts of interest, in the order of their views; part of households."""

from django.urls import path

from households.conflicts import views

urlpatterns = [
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<int:fact_id>/end/", views.conflict_end, name="conflict_end"),
    path("households/<str:number>/conflicts/new/", views.conflict_new, name="conflict_new"),
]

"""URLs of planned visits and of warnings, in the order of their views; included by those of households."""

from django.urls import path

from households.visits import views

urlpatterns = [
    path("households/<str:number>/visits/new/", views.visit_new, name="visit_new"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/<slug:verb>/", views.visit_step, name="visit_step"),
    path("households/<str:number>/warnings/", views.warning_new, name="warning_new"),
    path("households/<str:number>/warnings/<int:fact_id>/end/", views.warning_end, name="warning_end"),
]

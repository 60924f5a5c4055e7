"""URLs of handovers, in the order of their views; part of households."""

from django.urls import path

from households.handover import views

urlpatterns = [
    path("handovers/", views.handovers, name="handovers"),
    path("handovers/new/", views.handover_new, name="handover_new"),
    path("handovers/<slug:number>/", views.handover, name="handover"),
    path("handovers/<slug:number>/done/<slug:step>/", views.handover_tick, name="handover_tick"),
    path("handovers/<slug:number>/back/<slug:step>/", views.handover_untick, name="handover_untick"),
    path("handovers/<slug:number>/<slug:verb>/", views.handover_step, name="handover_step"),
]

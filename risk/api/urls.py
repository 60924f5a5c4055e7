"""Addresses of signals under /api/v1/."""

from django.urls import path

from risk.api import views

urlpatterns = [path("signals", views.signals, name="signals")]

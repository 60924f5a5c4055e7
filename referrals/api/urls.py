"""Addresses of referrals under /api/v1/."""

from django.urls import path

from referrals.api import views
from referrals.fhir import views as fhir

urlpatterns = [
    path("agencies", views.agencies, name="agencies"),
    path("services", views.services, name="services"),
    path("referrals", views.referrals, name="referrals"),
    path("referrals/<slug:number>", views.referral, name="referral"),
    path("referrals/<slug:number>/fhir", fhir.one, name="fhir"),
    path("fhir", fhir.bring, name="fhir_bring"),
    path("referrals/<slug:number>/messages", views.say, name="messages"),
    *(path(f"referrals/<slug:number>/{verb}", view, name=verb) for verb, view in views.STEPS.items()),
]

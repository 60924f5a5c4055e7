"""URLs of the catalogue, and of one household's entitlements."""

from django.urls import path

from households.entitlements import catalogue_views, views

PLACE = "households/<str:number>/entitlements/"
urlpatterns = [
    path("entitlements/", catalogue_views.catalogue, name="entitlements"),
    path("entitlements/new/", catalogue_views.new, name="entitlement_new"),
    path("entitlements/<str:code>/", catalogue_views.entitlement, name="entitlement"),
    path("entitlements/<str:code>/draft/", catalogue_views.draft, name="entitlement_draft"),
    path("entitlements/<str:code>/<int:pk>/<str:verb>/", catalogue_views.take_step, name="entitlement_version_step"),
    path(PLACE, views.answers, name="household_entitlements"),
    path(f"{PLACE}card/", views.card, name="entitlements_card"),
    path(f"{PLACE}what-if/", views.whatif, name="entitlements_what_if"),
    path(f"{PLACE}new/", views.step, name="entitlement_step"),
    path(f"{PLACE}<int:fact_id>/edit/", views.step_edit, name="entitlement_step_edit"),
    path(f"{PLACE}<int:fact_id>/withdraw/", views.step_withdraw, name="entitlement_step_withdraw"),
]

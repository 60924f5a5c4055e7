"""URLs of requests and of sittings, in the order of their views; included by those of households."""

from django.urls import path

from households.extensions import objection_views, sitting_views, terms, views, writing

urlpatterns = [
    path("requests/", views.extensions, name="extensions"),
    path("requests/terms/", terms.terms, name="terms"),
    path("requests/paper/", writing.extension_on_paper, name="extension_on_paper"),
    path("requests/new/<int:pk>/", writing.extension_new, name="extension_new"),
    path("requests/<slug:number>/", views.extension, name="extension"),
    path("requests/<slug:number>/edit/", writing.extension_edit, name="extension_edit"),
    path("requests/<slug:number>/papers/", views.extension_evidence, name="extension_evidence"),
    path("requests/<slug:number>/opinion/", views.extension_opinion, name="extension_opinion"),
    path("requests/<slug:number>/opinion/<int:pk>/", views.extension_opinion_give, name="extension_opinion_give"),
    path("requests/<slug:number>/print/<slug:kind>/", views.extension_paper, name="extension_paper"),
    path("requests/<slug:number>/objection/", objection_views.objection_new, name="objection_new"),
    path(
        "requests/<slug:number>/objection/<int:pk>/<slug:verb>/", objection_views.objection_step, name="objection_step"
    ),
    path("requests/<slug:number>/step/<slug:verb>/", views.extension_step, name="extension_step"),
    path("sittings/", sitting_views.sittings, name="sittings"),
    path("sittings/new/", sitting_views.sitting_new, name="sitting_new"),
    path("sittings/members/", sitting_views.council_seat, name="council_seat"),
    path("sittings/members/<int:pk>/end/", sitting_views.council_seat_end, name="council_seat_end"),
    path("sittings/<slug:number>/", sitting_views.sitting, name="sitting"),
    path("sittings/<slug:number>/attendance/", sitting_views.sitting_attendance, name="sitting_attendance"),
    path("sittings/<slug:number>/vote/<int:pk>/", sitting_views.sitting_vote, name="sitting_vote"),
    path("sittings/<slug:number>/minutes/", sitting_views.sitting_minutes, name="sitting_minutes"),
    path("sittings/<slug:number>/step/<slug:verb>/", sitting_views.sitting_step, name="sitting_step"),
]

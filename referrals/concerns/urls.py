"""URLs of the concerns, in the order of their views; included by those of referrals."""

from django.urls import path

from referrals.concerns import views

urlpatterns = [
    path("", views.concerns, name="concerns"),
    path("new/", views.take_down, name="concern_new"),
    path("<slug:number>/", views.concern, name="concern"),
    path("<slug:number>/<slug:verb>/", views.step, name="concern_step"),
]

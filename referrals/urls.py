"""URLs of referrals, in the order of its views."""

from django.urls import path

from referrals import views, writing

app_name = "referrals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("new/<slug:number>/", writing.new, name="new"),
    path("new/<slug:number>/keep/", writing.keep, name="keep"),
    path("<slug:number>/", views.detail, name="detail"),
    path("<slug:number>/edit/", writing.edit, name="edit"),
    path("<slug:number>/<slug:verb>/", views.step, name="step"),
]

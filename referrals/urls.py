"""URLs of referrals, in the order of its views."""

from django.urls import include, path

from referrals import deeds, reviewing, views, writing
from referrals.offices import conflict_views
from referrals.offices import views as offices

app_name = "referrals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("new/<slug:number>/", writing.new, name="new"),
    path("new/<slug:number>/keep/", writing.keep, name="keep"),
    path("ask/<int:pk>/", offices.ask_for, name="ask_for"),
    path("ask/<int:pk>/conflict/", conflict_views.conflict_of, name="conflict_of"),
    path("webhooks/", include("referrals.webhooks.urls")),
    path("alarms/", include("referrals.alarms.urls")),
    path("directory/", include("referrals.directory.urls")),
    path("transfers/", include("referrals.transfers.urls")),
    path("concerns/", include("referrals.concerns.urls")),
    path("council/", include("referrals.council.urls")),
    path("grounds/", reviewing.ground_reviews, name="ground_reviews"),
    path("grounds/<slug:number>/", reviewing.ground_review, name="ground_review"),
    path("many/", deeds.many, name="many"),
    path("<slug:number>/", views.detail, name="detail"),
    path("<slug:number>/say/", deeds.say, name="say"),
    path("<slug:number>/take/", deeds.take, name="take"),
    path("<slug:number>/conflict/", conflict_views.conflict, name="conflict"),
    path("<slug:number>/benefit/", deeds.benefit, name="benefit"),
    path("<slug:number>/benefit/<int:pk>/<slug:verb>/", deeds.benefit_step, name="benefit_step"),
    path("<slug:number>/letters/<slug:kind>/", views.letter, name="letter"),
    path("<slug:number>/edit/", writing.edit, name="edit"),
    path("<slug:number>/<slug:verb>/", views.step, name="step"),
]

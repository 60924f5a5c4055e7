"""URLs of the councils, in the order of their views; included by those of referrals."""

from django.urls import path

from referrals.council import change_views, item_views, views

urlpatterns = [
    path("", views.councils, name="councils"),
    path("new/", views.council_new, name="council_new"),
    path("<int:pk>/", views.council, name="council"),
    path("<int:pk>/member/", views.council_member, name="council_member"),
    path("member/<int:pk>/end/", views.council_member_end, name="council_member_end"),
    path("<int:pk>/meeting/", views.meeting_new, name="meeting_new"),
    path("propose/", item_views.propose_find, name="propose_find"),
    path("propose/<slug:number>/", item_views.council_propose, name="council_propose"),
    path("items/<int:pk>/withdraw/", item_views.item_withdraw, name="item_withdraw"),
    path("items/<int:pk>/ground/", item_views.item_ground, name="item_ground"),
    path("items/<int:pk>/decide/", item_views.item_decide, name="item_decide"),
    path("decisions/<int:pk>/<slug:verb>/", item_views.decision_step, name="decision_step"),
    path("meetings/<slug:number>/", views.meeting, name="meeting"),
    path("meetings/<slug:number>/attendance/", views.meeting_attendance, name="meeting_attendance"),
    path("meetings/<slug:number>/minutes/", item_views.meeting_minutes, name="meeting_minutes"),
    path("meetings/<slug:number>/change/", change_views.meeting_change, name="meeting_change"),
    path("meetings/<slug:number>/<slug:verb>/", views.meeting_step, name="meeting_step"),
]

"""URLs of surveys, in the order of their views; part of desks."""

from django.urls import path

from desks.campaigns import answering, correcting, views

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new/", views.new, name="campaign_new"),
    path("<int:pk>/", views.campaign, name="campaign"),
    path("<int:pk>/file/", views.campaign_file, name="campaign_file"),
    path("<int:pk>/<slug:verb>/step/", views.campaign_step, name="campaign_step"),
    path("<int:pk>/<str:number>/", answering.answer, name="campaign_answer"),
    path("<int:pk>/<str:number>/correct/", correcting.correct, name="campaign_correct"),
]

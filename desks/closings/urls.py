"""URLs of endings, in the order of their views; taken up by those of desks."""

from django.urls import path

from desks.closings import deaths, views

urlpatterns = [
    path("closings/", views.endings, name="closings"),
    path("households/<str:number>/closing/", views.closing_new, name="closing_new"),
    path("closings/<str:number>/", views.closing, name="closing"),
    path("closings/<str:number>/step/<str:verb>/", views.closing_step, name="closing_step"),
    path("closings/<str:number>/after/<int:months>/", views.closing_after, name="closing_after"),
    path("deaths/<str:case_number>/", deaths.review, name="death_review"),
    path("deaths/<str:case_number>/step/<str:verb>/", deaths.review_step, name="death_step"),
    path("deaths/<str:case_number>/bereaved/<str:kind>/", deaths.bereaved, name="bereaved"),
]

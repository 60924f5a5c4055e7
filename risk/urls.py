"""URLs of risk, in the order of its views."""

from django.urls import path

from risk import views

app_name = "risk"
urlpatterns: list = [
    path("criteria/", views.criteria, name="criteria"),
    path("<str:number>/review/", views.review, name="review"),
    path("<str:number>/review/<int:review_id>/endorse/", views.endorse, name="endorse"),
]

"""URLs of risk, in the order of its views."""

from django.urls import path

from risk import incident_pages, reach_pages, views

app_name = "risk"
urlpatterns: list = [
    path("criteria/", views.criteria, name="criteria"),
    path("<str:number>/review/", views.review, name="review"),
    path("<str:number>/review/<int:review_id>/endorse/", views.endorse, name="endorse"),
    path("<str:number>/out-of-reach/end/", reach_pages.end_search, name="end_search"),
    path("<str:number>/out-of-reach/<int:end_id>/agree/", reach_pages.agree, name="agree_to_end"),
    path("<str:number>/incident/", incident_pages.incident, name="incident"),
    path("<str:number>/incident/<int:fact_id>/withdraw/", incident_pages.incident_withdraw, name="incident_withdraw"),
]

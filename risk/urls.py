"""URLs of risk, in the order of its views."""

from django.urls import path

from risk import views
from risk.incidents import views as incidents
from risk.reach import views as reach

app_name = "risk"
urlpatterns: list = [
    path("criteria/", views.criteria, name="criteria"),
    path("<str:number>/review/", views.review, name="review"),
    path("<str:number>/review/<int:review_id>/endorse/", views.endorse, name="endorse"),
    path("<str:number>/out-of-reach/end/", reach.end_search, name="end_search"),
    path("<str:number>/out-of-reach/<int:end_id>/agree/", reach.agree, name="agree_to_end"),
    path("<str:number>/incident/", incidents.incident, name="incident"),
    path("<str:number>/incident/<int:fact_id>/withdraw/", incidents.incident_withdraw, name="incident_withdraw"),
]

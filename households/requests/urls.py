"""URLs of data requests, in the order of their views; included by those of households."""

from django.urls import path

from households.requests import views

urlpatterns = [
    path("data-requests/", views.data_requests, name="data_requests"),
    path("data-requests/new/<str:case_number>/", views.data_request_new, name="data_request_new"),
    path("data-requests/<slug:number>/", views.data_request, name="data_request"),
    path("data-requests/<slug:number>/letter/", views.data_request_letter, name="data_request_letter"),
    path("data-requests/<slug:number>/step/<slug:verb>/", views.data_request_step, name="data_request_step"),
    path("data-requests/<slug:number>/beside/<slug:verb>/", views.data_request_beside, name="data_request_beside"),
    path("data-requests/<slug:number>/lift/<int:fact_id>/", views.restriction_lift, name="restriction_lift"),
]

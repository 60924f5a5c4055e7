"""URLs of what a data request puts into the person's hands; included by those of desks."""

from django.urls import path

from desks.requests import views

urlpatterns = [
    path("<slug:number>/record/", views.request_record, name="request_record"),
    path("<slug:number>/reasons/", views.request_reasons, name="request_reasons"),
]

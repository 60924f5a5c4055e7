"""URLs of exports, in the order of its views."""

from django.urls import path

from casework.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="list"),
    path("new/<slug:kind>/", views.ask, name="ask"),
    path("<slug:number>/", views.export, name="one"),
    path("<slug:number>/cancel/", views.cancel, name="cancel"),
    path("<slug:number>/answer/", views.answer, name="answer"),
    path("<slug:number>/file/", views.file, name="file"),
]

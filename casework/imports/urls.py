"""URLs of imports, in the order of its views."""

from django.urls import path

from casework.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.batches, name="list"),
    path("new/", views.upload, name="upload"),
    path("new/empty.csv", views.template, name="template"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/load/", views.load, name="load"),
    path("<int:pk>/refused.csv", views.refused_file, name="refused"),
    path("<int:pk>/rows/<int:row_pk>/", views.row, name="row"),
]

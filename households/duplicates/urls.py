"""URLs of linked records, in the order of their views; taken up by those of households."""

from django.urls import path

from households.duplicates import views

urlpatterns = [
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/pair/<str:one>/<str:two>/", views.duplicate_pair, name="duplicate_pair"),
    path("duplicates/pair/<str:one>/<str:two>/apart/", views.duplicate_apart, name="duplicate_apart"),
    path("duplicates/links/<int:pk>/", views.duplicate_link, name="duplicate_link"),
    path("duplicates/links/<int:pk>/<str:verb>/", views.duplicate_step, name="duplicate_step"),
]

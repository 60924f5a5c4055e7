"""URLs of the directory, in the order of its views; included by those of referrals."""

from django.urls import path

from referrals.directory import views

urlpatterns = [
    path("", views.directory, name="directory"),
    path("new/", views.service_new, name="service_new"),
    path("booklet/", views.booklet, name="booklet"),
    path("booklet/file/", views.booklet_file, name="booklet_file"),
    path("<int:pk>/", views.service, name="service"),
    path("<int:pk>/edit/", views.service_edit, name="service_edit"),
    path("<int:pk>/end/", views.service_end, name="service_end"),
]

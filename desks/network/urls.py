"""URLs of the referral network, in the order of their views; part of desks."""

from django.urls import path

from desks.network import views

urlpatterns = [
    path("", views.network, name="network"),
    path("file/", views.download, name="network_file"),
    path("board/", views.board, name="board"),
    path("list/", views.listed, name="network_list"),
]

"""Pages of notifications, in the order of the views."""

from django.urls import path

from casework.telling import views

app_name = "telling"
urlpatterns = [
    path("", views.listed, name="list"),
    path("bell/", views.bell, name="bell"),
    path("<int:pk>/open/", views.opened, name="open"),
    path("read/", views.read_all, name="read_all"),
    path("unread/", views.unread_again, name="unread"),
    path("settings/", views.preferences, name="settings"),
    path("letters/", views.letters, name="letters"),
    path("letters/<int:pk>/again/", views.letter_again, name="letter_again"),
    path("letters/<int:pk>/give-up/", views.letter_give_up, name="letter_give_up"),
]

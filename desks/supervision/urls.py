"""URLs of supervision, in the order of their views; taken up by those of desks."""

from django.urls import path

from desks.supervision import views

urlpatterns = [
    path("", views.workers, name="supervision"),
    path("<int:pk>/", views.sheet, name="supervision_sheet"),
    path("<int:pk>/print/", views.sheet_file, name="supervision_file"),
    path("<int:pk>/notes/new/", views.note_new, name="supervision_note_new"),
    path("notes/<int:pk>/", views.note, name="supervision_note"),
    path("notes/<int:pk>/add/", views.note_add, name="supervision_note_add"),
    path("steps/<int:pk>/done/", views.step_done, name="supervision_step_done"),
]

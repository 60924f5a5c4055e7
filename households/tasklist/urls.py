"""URLs of tasks, in the order of their views; included by those of households."""

from django.urls import path

from households.tasklist import views

urlpatterns = [
    path("households/<str:number>/tasks/new/", views.task_new, name="task_new"),
    path("tasks/new/", views.task_own, name="task_own"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/<slug:verb>/", views.task_step, name="task_step"),
]

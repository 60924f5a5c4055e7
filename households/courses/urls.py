"""URLs of education, in the order of their views; part of households."""

from django.urls import path

from households.courses import views

urlpatterns = [
    path("courses/", views.courses, name="courses"),
    path("courses/topics/<slug:code>/", views.topic, name="topic"),
    path("courses/topics/<slug:code>/file/", views.topic_paper, name="topic_paper"),
    path("persons/<str:case_number>/courses/", views.person_courses, name="person_courses"),
    path("persons/<str:case_number>/courses/new/", views.course_new, name="course_new"),
    path("persons/<str:case_number>/courses/<int:fact_id>/edit/", views.course_edit, name="course_edit"),
]

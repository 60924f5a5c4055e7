"""URLs of assessments, in the order of their views; included by those of households."""

from django.urls import path

from households.assessments import views

urlpatterns = [
    path("households/<str:number>/assessments/", views.assessments, name="assessments"),
    path("households/<str:number>/assessments/new/", views.assessment_new, name="assessment_new"),
    path("households/<str:number>/assessments/compare/", views.assessment_compare, name="assessment_compare"),
    path("households/<str:number>/assessments/<int:fact_id>/", views.assessment, name="assessment"),
    path("households/<str:number>/assessments/<int:fact_id>/edit/", views.assessment_edit, name="assessment_edit"),
]

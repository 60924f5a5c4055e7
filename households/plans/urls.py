"""URLs of plans, in the order of their views; included by those of households."""

from django.urls import path

from households.plans import deeds, views, writing_views

PLAN = "households/<str:number>/plans/<int:pk>"
urlpatterns = [
    path("households/<str:number>/plans/", views.plans, name="plans"),
    path("households/<str:number>/plans/new/", writing_views.plan_new, name="plan_new"),
    path(f"{PLAN}/", views.plan, name="plan"),
    path(f"{PLAN}/edit/", writing_views.plan_edit, name="plan_edit"),
    path(f"{PLAN}/sign/", deeds.plan_sign, name="plan_sign"),
    path(f"{PLAN}/review/", deeds.plan_review, name="plan_review"),
    path(f"{PLAN}/end/", deeds.plan_end, name="plan_end"),
    path(f"{PLAN}/print/", views.plan_paper, name="plan_paper"),
    path(f"{PLAN}/steps/", views.plan_step_new, name="plan_step_new"),
    path(f"{PLAN}/steps/<int:step>/<slug:verb>/", views.plan_step, name="plan_step"),
    path(f"{PLAN}/do/<slug:verb>/", views.plan_do, name="plan_do"),
]

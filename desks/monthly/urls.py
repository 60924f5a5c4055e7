"""URLs of monthly reports, in the order of their views; taken up by those of desks."""

from django.urls import path

from desks.monthly import views

urlpatterns = [
    path("", views.reports, name="monthly"),
    path("new/", views.report_new, name="monthly_new"),
    path("<str:number>/", views.report, name="monthly_report"),
    path("<str:number>/again/", views.report_reopen, name="monthly_reopen"),
    path("<str:number>/paper/", views.report_paper, name="monthly_paper"),
    path("<str:number>/lines/<str:code>/", views.line, name="monthly_line"),
    path("<str:number>/step/<str:verb>/", views.report_step, name="monthly_step"),
]

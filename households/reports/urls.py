"""URLs of settlement reports, in the order of their views; taken up by those of households."""

from django.urls import path

from households.reports import views

urlpatterns = [
    path("protection/reports/", views.reports, name="reports"),
    path("protection/reports/new/", views.report_new, name="report_new"),
    path("protection/reports/<str:number>/", views.report, name="report"),
    path("protection/reports/<str:number>/people/<str:case_number>/", views.report_answer, name="report_answer"),
    path("protection/reports/<str:number>/again/", views.report_reopen, name="report_reopen"),
    path("protection/reports/<str:number>/paper/", views.report_paper, name="report_paper"),
    path("protection/reports/<str:number>/step/<str:verb>/", views.report_step, name="report_step"),
]

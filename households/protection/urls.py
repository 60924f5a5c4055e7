"""URLs of protection, in the order of their views; part of households."""

from django.urls import path

from households.protection import deciding_views, ministry_views, views

urlpatterns = [
    path("persons/<str:case_number>/protection/", views.person_protection, name="person_protection"),
    path("persons/<str:case_number>/protection/<str:step>/done/", views.end_step, name="end_step"),
    path("persons/<str:case_number>/protection/<int:fact_id>/back/", views.end_step_back, name="end_step_back"),
    path("persons/<str:case_number>/protection/ask/", views.ask_ministry, name="ask_ministry"),
    path("persons/<str:case_number>/protection/easy/", views.easy_letter, name="easy_letter"),
    path("protection/notices/", ministry_views.end_notices, name="end_notices"),
    path("protection/notices/sent/", ministry_views.notices_sent, name="notices_sent"),
    path("protection/notices/letters/", ministry_views.notice_letters, name="notice_letters"),
    path("protection/notices/<int:fact_id>/", ministry_views.notice_outcome, name="notice_outcome"),
    path("protection/decisions/", deciding_views.decide_find, name="decide_find"),
    path("protection/decisions/<str:case_number>/", deciding_views.decided, name="decided"),
    path("protection/decisions/<str:case_number>/new/", deciding_views.decide, name="decide"),
    path("protection/decisions/<str:case_number>/personal/", deciding_views.personal_period, name="personal_period"),
    path(
        "protection/decisions/<str:case_number>/<int:fact_id>/correct/",
        deciding_views.correct_period,
        name="period_correct",
    ),
]

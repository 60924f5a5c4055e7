"""URLs of case conferences, in the order of their views; included by those of desks."""

from django.urls import path

from desks.conferences import item_views, paper_views, views

urlpatterns = [
    path("", views.conferences, name="conferences"),
    path("due/", views.due, name="conferences_due"),
    path("new/", views.new, name="conference_new"),
    path("chosen/", item_views.chosen, name="conference_chosen"),
    path("bring/", item_views.bring, name="conference_bring"),
    path("items/<int:pk>/withdraw/", item_views.withdraw, name="conference_withdraw"),
    path("items/<int:pk>/move/", item_views.move, name="conference_move"),
    path("items/<int:pk>/decide/", item_views.decide, name="conference_decide"),
    path("decisions/<int:pk>/<slug:verb>/", item_views.decision, name="conference_decision"),
    path("<slug:number>/", views.conference, name="conference"),
    path("<slug:number>/change/", views.change, name="conference_change"),
    path("<slug:number>/attendance/", views.attendance, name="conference_attendance"),
    path("<slug:number>/material/", paper_views.material_file, name="conference_material_file"),
    path("<slug:number>/material/<slug:household>/", paper_views.material, name="conference_material"),
    path("<slug:number>/record/", paper_views.record_file, name="conference_record"),
    path("<slug:number>/<slug:verb>/", views.step, name="conference_step"),
]

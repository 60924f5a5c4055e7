"""URLs of the transfers, in the order of their views; included by those of referrals."""

from django.urls import path

from referrals.transfers import views

urlpatterns = [
    path("", views.transfers, name="transfers"),
    path("new/<slug:number>/", views.propose, name="propose_transfer"),
    path("moves/<slug:number>/", views.move, name="move"),
    path("notice/<slug:number>/<int:agency>/", views.move_notice, name="move_notice"),
    path("<slug:number>/", views.transfer, name="transfer"),
    path("<slug:number>/contact/", views.first_contact, name="transfer_contact"),
    path("<slug:number>/<slug:verb>/", views.step, name="transfer_step"),
]

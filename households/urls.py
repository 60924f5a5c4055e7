"""URLs of households, in the order of its views."""

from django.urls import include, path

from households.views import contacts, deeds, drafts, intake, register, reveal, stated

app_name = "households"
urlpatterns: list = [
    path("households/<str:number>/contacts/new/", contacts.contact, name="contact"),
    path("households/<str:number>/contacts/<int:fact_id>/", contacts.contact_page, name="contact_page"),
    path("households/<str:number>/contacts/<int:fact_id>/edit/", contacts.contact_edit, name="contact_edit"),
    path("households/<str:number>/contacts/<int:fact_id>/add/", contacts.addendum, name="addendum"),
    path("households/<str:number>/circumstances/new/", stated.circumstance, name="circumstance"),
    path(
        "households/<str:number>/circumstances/<int:fact_id>/edit/", stated.circumstance_edit, name="circumstance_edit"
    ),
    path(
        "households/<str:number>/circumstances/<int:fact_id>/withdraw/",
        stated.circumstance_withdraw,
        name="circumstance_withdraw",
    ),
    path("households/<str:number>/screenings/new/", stated.screening, name="screening"),
    path("households/<str:number>/screenings/<int:fact_id>/", stated.screening_page, name="screening_page"),
    path("households/<str:number>/screenings/<int:fact_id>/edit/", stated.screening_edit, name="screening_edit"),
    path(
        "households/<str:number>/screenings/<int:fact_id>/withdraw/",
        stated.screening_withdraw,
        name="screening_withdraw",
    ),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<uuid:key>/", drafts.draft, name="draft"),
    path("drafts/<uuid:key>/discard/", drafts.discard, name="discard"),
    path("intake/", intake.intake, name="intake"),
    path("intake/<uuid:key>/<str:step>/", intake.intake_step, name="intake_step"),
    *(path(f"households/<str:number>/{verb}/", deeds.deed, {"verb": verb}, name=verb) for verb in deeds.DEEDS),
    path("households/<str:number>/shares/<int:share_id>/end/", deeds.end_share, name="end_share"),
    *(
        path(f"persons/<str:case_number>/{verb}/", deeds.person_deed, {"verb": verb}, name=verb)
        for verb in deeds.PERSON_DEEDS
    ),
    path("persons/<str:case_number>/consents/<int:fact_id>/withdraw/", deeds.withdraw_consent, name="withdraw_consent"),
    path("persons/<str:case_number>/reported-death/", deeds.reported_death, name="reported_death"),
    path("persons/<str:case_number>/reveal/<str:what>/", reveal.reveal, name="reveal"),
    path("register/", register.register, name="register"),
    path("register/file/", register.register_paper, name="register_paper"),
    path("protection/", include("households.extensions.urls")),
    path("", include("households.protection.urls")),
    path("", include("households.entitlements.urls")),
    path("", include("households.reports.urls")),
    path("", include("households.assessments.urls")),
    path("", include("households.plans.urls")),
    path("households/<str:number>/outcomes/", include("households.outcomes.urls")),
    path("", include("households.handover.urls")),
    path("", include("households.courses.urls")),
    path("", include("households.conflicts.urls")),
    path("", include("households.requests.urls")),
    path("", include("households.duplicates.urls")),
    path("", include("households.tasklist.urls")),
    path("", include("households.visits.urls")),
]

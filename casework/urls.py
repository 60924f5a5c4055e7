"""Where each package answers; packages are named by dotted path only."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from casework.parts import parts

# One door: the log-in of the admin would not ask for the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "casework.api.problems.bad_request"
handler404 = "casework.api.problems.not_found"
handler500 = "casework.api.problems.server_error"
urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("parts/", parts, name="parts"),  # demo mode only
    path("me/", include("casework.agencies.urls")),
    path("notices/", include("casework.telling.urls")),
    path("interfaces/", include("casework.api.urls")),
    path("api/v1/", include("casework.api.v1")),
    path("imports/", include("casework.imports.urls")),
    path("exports/", include("casework.exports.urls")),
    path("referrals/", include("referrals.urls")),
    path("risk/", include("risk.urls")),
    path("", include("households.urls")),
    path("", include("desks.urls")),
]

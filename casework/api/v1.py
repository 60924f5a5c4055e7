"""Version 1 of the interface. The floors above put their addresses in by dotted path; the ground knows none of them."""

from django.urls import include, path

from casework.api import serving

app_name = "api"
rooms = [
    path("", include("referrals.api.urls")),
    path("", include("risk.api.urls")),
]
urlpatterns = [path("schema", serving.schema, name="schema"), *rooms]


def described():
    """Return the addresses that the description describes."""
    return [path("api/v1/", include((rooms, "api")))]

"""The product's URLs and the bare view."""

from django.http import HttpResponse
from django.urls import include, path

from casework.agencies.request import Request

NOTHING = "<!doctype html><title>bare</title><p>{}</p>"


def bare(request: Request) -> HttpResponse:
    """Answer with one line: what the middleware, the session and the log-in cost by themselves."""
    return HttpResponse(NOTHING.format(request.user.pk))


urlpatterns = [path("bare/", bare), path("", include("casework.urls"))]

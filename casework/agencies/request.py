"""The request as our views meet it: somebody is logged in (`session.LogInFirst`), htmx has been asked."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from casework.agencies.models import User


class Request(HttpRequest):
    """For type hints only."""

    user: User
    htmx: HtmxDetails

"""Endpoints of the interface about itself."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from casework.api import described
from casework.api.authentication import Bearer


@api_view(["GET"])
@authentication_classes([Bearer, SessionAuthentication])
@permission_classes([IsAuthenticated])
def schema(request):
    """The OpenAPI description, for a token or for whoever is logged in."""
    return Response(described.schema())

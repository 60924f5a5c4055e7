"""The endpoint through which a feed sends its signals."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from casework.api.endpoint import endpoint
from casework.api.problems import Problem
from casework.api.scopes import Scope
from casework.imports.models import State
from risk.api import batches


class Signal(serializers.Serializer):
    """One signal about one person, named by person_ref, by case_number, or by name with birth_date and sex."""

    reference = serializers.CharField(max_length=80)
    signal = serializers.CharField(max_length=3)
    observed_on = serializers.DateField()
    ended_on = serializers.DateField(required=False, allow_null=True)
    months = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=600)
    amount_krw = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**13)
    person_ref = serializers.CharField(max_length=60, required=False)
    case_number = serializers.CharField(max_length=12, required=False)
    name = serializers.CharField(max_length=100, required=False)
    birth_date = serializers.CharField(max_length=10, required=False)
    sex = serializers.CharField(max_length=1, required=False)


class Signals(serializers.Serializer):
    """Up to 10,000 signals; nothing in them may lie after the day on which they were received."""

    received_on = serializers.DateField(required=False, allow_null=True)
    rows = Signal(many=True, min_length=1, max_length=batches.MOST_ROWS)


class Refused(serializers.Serializer):
    """A row that was not loaded: its place from 1, the field, and what would be right."""

    row = serializers.IntegerField()
    field = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class Result(serializers.Serializer):
    """What came of a batch."""

    batch = serializers.IntegerField()
    rows = serializers.IntegerField()
    loaded = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    superseded = serializers.IntegerField()
    refused = Refused(many=True)


class Received(serializers.Serializer):
    """The words of a batch besides its rows, which are read by hand: a serializer a row takes seconds."""

    received_on = serializers.DateField(required=False, allow_null=True, default=None)


@extend_schema(
    operation_id="signals_bring", tags=["signals"], request=Signals, responses=Result, summary=_("Bring crisis signals")
)
@endpoint(POST=(Scope.SIGNALS_WRITE, Scope.SIGNALS_ALL))
def signals(request):
    """Load a batch: good rows all together, refused rows told one by one. The same rows again change nothing."""
    if not isinstance(request.data, dict):
        raise Problem("invalid", errors=[{"field": "", "detail": str(_("The body is an object with rows."))}])
    words = Received(data={"received_on": request.data.get("received_on")})
    words.is_valid(raise_exception=True)
    rows = batches.checked(request.data.get("rows"))
    batch = batches.load(rows, token=request.auth, body=request._request.body, **words.validated_data)
    if batch.state == State.REFUSED:
        raise Problem(
            "invalid", batch.refusal, [{"field": batch.refused_params.get("field", ""), "detail": batch.refusal}]
        )
    return Response(batches.told(batch))

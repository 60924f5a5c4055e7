"""The strict harness forbids what it says it forbids (design §9): each part meets the mistake it is there for."""

import socket
import warnings
from types import SimpleNamespace

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Origin, Template, engines
from django.urls import path

from casework.agencies.models import Agency, Kind
from casework.audit.models import AccessLog, Act
from tests.harness import database
from tests.harness.strict import UnknownVariable

MISTAKES = {
    "variable": "{{ nobody }}",
    "attribute": "{{ somebody.nobody }}",
    "filtered": "{{ nobody|upper }}",
    "defaulted": "{{ nobody|default:'-' }}",
}


def rendered(source, **values):
    return engines["django"].from_string(source).render(values)


@pytest.mark.parametrize("source", MISTAKES.values(), ids=MISTAKES)
def test_a_variable_that_nothing_defines_fails(source):
    with pytest.raises(UnknownVariable, match="nobody"):
        rendered(source, somebody=SimpleNamespace(name="리영희"))


def test_what_is_defined_is_rendered_even_when_it_is_empty():
    assert rendered("[{{ nothing }}{{ somebody.name }}]", nothing="", somebody={"name": "리영희"}) == "[리영희]"


def test_templates_of_installed_packages_may_stay_as_they_are():
    origin = Origin("/srv/.venv/lib/python3.11/site-packages/allauth/base.html")
    theirs = Template("[{{ nobody }}]", origin=origin, engine=engines["django"].engine)
    assert theirs.render(Context({})) == "[]"


@pytest.mark.django_db
def test_a_list_in_no_order_fails():
    with pytest.raises(AssertionError, match="lists Agency in no order"):
        rendered("{% for agency in agencies %}{{ agency.pk }}{% endfor %}", agencies=Agency.objects.order_by())


@pytest.mark.django_db
def test_a_list_in_order_is_shown():
    agencies = Agency.objects.order_by("pk")[:2]
    assert rendered("{% for agency in agencies %}.{% endfor %}", agencies=agencies) == ".."


@pytest.mark.django_db
def test_pages_of_a_list_in_no_order_fail():
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(Agency.objects.order_by(), 2).page(1)


# --- a GET that writes: these answer at the addresses below, for these tests only ---


def _by_orm(request):
    Agency.objects.update(kind=Kind.OTHER)
    return HttpResponse()


def _by_sql(request):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agency SET name_en = name_en")
    return HttpResponse()


def _inside_a_query(request):
    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM agencies_agency RETURNING id) SELECT count(*) FROM gone")
    return HttpResponse()


def _after_a_remark(request):
    with connection.cursor() as cursor:
        cursor.execute(
            "-- a remark\n/* and\n another */ INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b')"
        )
    return HttpResponse()


def _looking(request):
    request.session["seen_at"] = 1
    AccessLog.objects.create(act=Act.LIST)
    return HttpResponse(str(Agency.objects.select_for_update().order_by("pk")[:1].exists()))


WRITERS = {view.__name__: view for view in (_by_orm, _by_sql, _inside_a_query, _after_a_remark)}
urlpatterns = [
    *(path(f"{name}/", login_not_required(view)) for name, view in WRITERS.items()),
    path("looking/", login_not_required(_looking)),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_that_writes_fails(client, name, method):
    with pytest.raises(AssertionError, match="A GET writes"):
        getattr(client, method)(f"/{name}/")


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_post_may_write(client):
    assert client.post("/_by_orm/").status_code == 200
    assert set(Agency.objects.values_list("kind", flat=True)) == {Kind.OTHER}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_get_may_leave_who_looked_and_that_the_session_lives(client):
    assert client.get("/looking/").status_code == 200
    assert AccessLog.objects.filter(act=Act.LIST).count() == 1


# --- the outside ---


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_a_connection_to_another_machine_fails(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for method in ("connect", "connect_ex"):
        with socket.socket(family) as plug, pytest.raises(AssertionError, match="reaches out"):
            getattr(plug, method)((address, 9))


def test_a_message_to_another_machine_fails():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug, pytest.raises(AssertionError, match="reaches out"):
        plug.sendto(b"-", ("192.0.2.1", 9))


def test_asking_for_the_address_of_another_machine_fails():
    with pytest.raises(AssertionError, match="reaches out"):
        socket.create_connection(("somewhere.invalid", 9))


def test_this_machine_may_be_spoken_to():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        socket.create_connection(("localhost", door.getsockname()[1]), timeout=5).close()


def test_a_warning_fails():
    with pytest.raises(UserWarning, match="something is off"):
        warnings.warn("something is off", stacklevel=1)


# --- no flush ---


def test_a_test_that_would_flush_the_tables_is_not_collected():
    mark = SimpleNamespace(args=(), kwargs={"transaction": True})
    item = SimpleNamespace(nodeid="tests/x.py::y", get_closest_marker=lambda name: mark)
    with pytest.raises(pytest.UsageError, match="take committed_db"):
        database.pytest_collection_modifyitems([item])


def test_a_test_that_asks_for_a_flushed_database_fails(request):
    with pytest.raises(pytest.fail.Exception, match="take committed_db"):
        request.getfixturevalue("transactional_db")


@pytest.mark.django_db
def test_a_database_of_its_own_is_not_mixed_with_a_transaction():
    with pytest.raises(RuntimeError, match="committed_db"), database.Clone("never_made").connected():
        raise AssertionError("not reached")

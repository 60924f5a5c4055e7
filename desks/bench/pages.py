"""Pages through the real gunicorn: how long they take for one and for 16 users, and how many queries they cost."""

import http.client
import os
import socket
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework import processes
from casework.agencies.models import User
from desks.bench.timing import quantile
from households.models import ConferenceItem, Household, Responsibility
from risk.models import Standing

MANY = 16
WARM_UP = 20
# Kept for log-in, rights of the menu, last-seen and the access log: no page's own.
SHARED = ("django_session", "agencies_rolegrant", "audit_accesslog", "SAVEPOINT", "BEGIN", "COMMIT")
WHO = '"agencies_user"."id" = '


@dataclass
class Measured:
    """One page: milliseconds for one user and for 16, requests a second with 16, queries in all and its own."""

    page: str
    who: str
    p50: float = 0
    p95: float = 0
    many_p50: float = 0
    many_p95: float = 0
    rate: float = 0
    queries: int = 0
    own: int = 0
    status: int = 200


def measure(seconds: float = 6.0) -> list[Measured]:
    """Measure the bare view and the pages of every day as the most restricted and the widest role, and the material
    of a conference."""
    head, manager = _people()
    plan = [Measured("bare view", "head of the largest centre")]
    plan += [
        Measured(page, who)
        for who in ("head of the largest centre", "case manager there")
        for page in ("list", "household", "day list", "supervision sheet")
    ]
    plan += [Measured("conference material", "supervisor with a conference")]
    with server() as port:
        for measured in plan:
            user = _user(measured, head, manager)
            path = _path(measured.page, user)
            carried = log_in(user)
            one(measured, port, path, carried, seconds)
            sixteen(measured, port, path, carried, seconds)
            if measured.page != "bare view":
                measured.queries, measured.own = queries(user, path)
    return plan


def widest() -> User:
    """Return the head of the centre with most households."""
    return _people()[0]


def _people() -> tuple[User, User]:
    """Return the head of the centre with most households and the case manager there with most."""
    sizes = Responsibility.objects.current().values("center").annotate(n=Count("pk")).order_by("-n", "center")
    center = sizes[0]["center"]
    managers = User.objects.filter(agency=center, grants__role="case_manager").annotate(n=Count("assignments"))
    return User.objects.get(agency=center, grants__role="centre_head"), managers.order_by("-n", "id")[0]


def _user(measured: Measured, head: User, manager: User) -> User:
    if measured.page == "conference material":
        return _talked_about().conference.chair
    return head if measured.who.startswith("head") else manager


def _talked_about() -> ConferenceItem:
    """Return a household on the agenda of a conference that is announced."""
    items = ConferenceItem.objects.filter(conference__status="announced").select_related("conference__chair")
    return items.select_related("conference__chair", "household").order_by("pk")[0]


def _path(page: str, user: User) -> str:
    plain = {"bare view": "/bare/", "list": "/at-risk/", "day list": "/day/"}
    if page in plain:
        return plain[page]
    if page == "supervision sheet":
        return f"/supervision/{_people()[1].pk}/"
    if page == "conference material":
        item = _talked_about()
        return f"/conferences/{item.conference.number}/material/{item.household.number}/"
    seen = Household.objects.visible_to(user).values("pk")
    first = Standing.objects.filter(household__in=seen).ranked()[0]
    return f"/households/{first.household.number}/"


def log_in(user: User) -> dict[str, str]:
    """Return what a request of the user's carries."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return {"Cookie": cookie, "Accept-Language": "ko"}


@contextmanager
def server():
    """Let the real gunicorn serve the product and the bare view; yield its port."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "desks.bench.settings"}
    process = processes.launch(processes.web("127.0.0.1", port), **environment)
    try:
        while not processes.answers("127.0.0.1", port):
            if process.poll() is not None:
                raise RuntimeError("gunicorn ended before it answered.")
            time.sleep(0.1)
        yield port
    finally:
        processes.end([process])


class Visitor:
    """One user with one kept connection."""

    def __init__(self, port: int, path: str, carried: dict[str, str]) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path, self.carried = path, carried
        self.status = 0

    def ask(self) -> float:
        """Ask once and read the answer to its end; return the seconds."""
        begun = perf_counter()
        self.link.request("GET", self.path, headers=self.carried)
        answer = self.link.getresponse()
        answer.read()
        self.status = answer.status
        return perf_counter() - begun

    def ask_for(self, seconds: float, times: list[float]) -> None:
        end = perf_counter() + seconds
        while perf_counter() < end:
            times.append(self.ask())


def one(measured: Measured, port: int, path: str, carried: dict[str, str], seconds: float) -> None:
    """Measure a page for one user, after a warm-up."""
    visitor = Visitor(port, path, carried)
    for _ in range(WARM_UP):
        visitor.ask()
    times: list[float] = []
    visitor.ask_for(seconds, times)
    measured.status = visitor.status
    measured.p50, measured.p95 = quantile(times, 0.5), quantile(times, 0.95)


def sixteen(measured: Measured, port: int, path: str, carried: dict[str, str], seconds: float) -> None:
    """Measure a page for 16 users at once."""
    times: list[float] = []
    threads = [
        threading.Thread(target=Visitor(port, path, carried).ask_for, args=(seconds, times), daemon=True)
        for _ in range(MANY)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.many_p50, measured.many_p95 = quantile(times, 0.5), quantile(times, 0.95)
    measured.rate = len(times) / seconds


def queries(user: User, path: str) -> tuple[int, int]:
    """Return how many queries the page costs in all, and without what every page needs."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    own = [q for q in captured.captured_queries if not _shared(q["sql"])]
    return len(captured), len(own)


def _shared(sql: str) -> bool:
    return any(word in sql[:400] for word in SHARED) or ('FROM "agencies_user"' in sql[:2000] and WHO in sql[:2000])

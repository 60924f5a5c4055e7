"""A real Chromium on the real product: gunicorn, a Celery worker, a database of its own."""

import os
import re
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import sync_playwright

from casework import processes
from tests.harness.database import Clone
from tests.harness.installation import free_port

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Product:
    """The product as it runs for users. `connected()` lets the test itself write into its database."""

    url: str
    clone: Clone

    @contextmanager
    def connected(self):
        with self.clone.connected():
            yield self

    def log_in(self, page, user):
        """Let the browser of `page` be logged in as `user`, without the log-in page."""
        with self.connected():
            session = import_module(settings.SESSION_ENGINE).SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": self.url, "httpOnly": True}
        page.context.add_cookies([cookie])


@pytest.fixture(scope="module")
def live_product(clone_database, django_db_blocker):
    """The product, one for the tests of a module, on a database that they share."""
    clone, port = clone_database(), free_port()
    environment = clone.environment | {"REDIS_PREFIX": f"{clone.name}:"}
    running = [
        processes.launch(processes.web("127.0.0.1", port), **environment),
        processes.launch(processes.worker(concurrency=1), **environment),
    ]
    try:
        deadline = time.monotonic() + 60
        while not processes.answers("127.0.0.1", port):
            assert running[0].poll() is None, "gunicorn ended"
            assert time.monotonic() < deadline, "gunicorn does not answer"
            time.sleep(0.1)
        with django_db_blocker.unblock():
            yield Product(f"http://127.0.0.1:{port}", clone)
    finally:
        processes.end(running)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the worker."""
    program = os.environ.get("CHROMIUM") or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.fail("No Chromium: `make test` installs it or says how.")
    options = _OPTIONS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    # Playwright runs an event loop in this thread; the ORM is only ever used between its calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_product):
    """Return a function that opens a page of a new visitor: `open_page(viewport=PHONE, locale="en-US")`.

    A script error or a breach of the content security policy on any of them fails the test.
    """
    contexts, breaches = [], []

    def make(viewport=WIDE, locale="ko-KR", **options):
        context = browser.new_context(
            base_url=live_product.url, viewport=viewport, locale=locale, timezone_id="Asia/Seoul", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: breaches.append(str(error)))
        page.on("console", lambda message: _BREACH.search(message.text) and breaches.append(message.text))
        page.breaches = breaches
        return page

    yield make
    for context in contexts:
        context.close()
    assert not breaches, breaches


_BREACH = re.compile("Content Security Policy|Content-Security-Policy")


@pytest.fixture
def page(open_page):
    """A wide page of a Korean visitor."""
    return open_page()


@pytest.fixture
def assert_accessible():
    """Return a function that fails on any axe violation of the page as it stands."""

    def check(page):
        assert not page.breaches, page.breaches
        found = Axe().run(page).response["violations"]
        page.breaches.clear()  # axe itself sets styles inline
        lines = [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:5]}" for v in found]
        assert not lines, "\n".join([page.url, *lines])

    return check

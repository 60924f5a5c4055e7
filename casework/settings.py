"""Settings of every installation. What differs between machines comes from the environment.

Nothing is started here: `manage.py` starts the embedded servers and hands their addresses over in the environment,
so that `DATABASE_URL` and `REDIS_URL` mean the same with embedded and with given servers.
"""

from pathlib import Path
from urllib.parse import unquote

import environ
import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from casework.agencies.conf import *  # noqa: F403  (settings by name)
from casework.api.conf import *  # noqa: F403  (settings by name)
from casework.browser import *  # noqa: F403  (settings by name)
from casework.logs import logging_settings
from casework.servers.places import addresses
from casework.telling.conf import *  # noqa: F403  (settings by name)

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.str("CASEWORK_VAR", default="") or BASE_DIR / "var").resolve()

# --- what kind of installation ---
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=not PRODUCTION)
DEMO_KEY = "demo-key-for-synthetic-data-only-production-refuses-to-start-with-it"
DEMO_PASSWORD = "demo-only-2026"  # of made-up users; production refuses databases that hold them
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else DEMO_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=PRODUCTION)

if PRODUCTION and (DEBUG or SECRET_KEY in {"", DEMO_KEY}):
    raise ImproperlyConfigured(
        "PRODUCTION=1 needs DEBUG off and a SECRET_KEY of your own (not empty, not the demo key)."
    )

# --- what caseworkers are told ---
CASEWORK_TERM = env.str("CASEWORK_TERM", default="북한이탈주민")
CASEWORK_IDLE_MINUTES = env.int("CASEWORK_IDLE_MINUTES", default=10)
# Pages about the past that one user opens in a minute, inquiries among them; 0: as many as they like.
CASEWORK_PAST_PAGES = env.int("CASEWORK_PAST_PAGES", default=20)
CASEWORK_NAV = "desks.nav.items"
# What each kind of file brings: a Loader by dotted path, since the ground knows no floor above it.
CASEWORK_IMPORTS = {
    "register": "households.imports.register.RegisterLoader",
    "contacts": "households.imports.contacts.ContactsLoader",
    "signals": "risk.imports.signals.SignalsLoader",
    "circumstances": "households.imports.circumstances.CircumstancesLoader",
    "screenings": "households.imports.screenings.ScreeningsLoader",
    "incidents": "risk.imports.incidents.IncidentsLoader",
    "handovers": "households.imports.handovers.HandoversLoader",
}
# What each kind of list brings that is taken away as a file: a Kind by dotted path; and how many files one person may
# ask for within 24 hours (0: as many as they like).
CASEWORK_EXPORTS = {
    "referrals": "referrals.exported.ReferralList",
    "at-risk": "desks.atrisk.exported.AtRiskList",
    "settlement-report": "households.reports.exported.ReportFile",
    "protection-register": "households.reports.exported.RegisterFile",
    "population": "desks.figures.people.PopulationFile",
    "monthly-report": "desks.monthly.exported.MonthlyFile",
    "outcomes": "desks.figures.outcomes.OutcomesFile",
}
CASEWORK_EXPORTS_A_DAY = env.int("CASEWORK_EXPORTS_A_DAY", default=10)

# --- what is installed ---
INSTALLED_APPS = [
    "desks",
    "risk",
    "referrals",
    "households",
    "casework.imports",
    "casework.exports",
    "casework.telling",
    "casework.agencies",
    "casework.audit",
    "casework",
    "pghistory",
    "pgtrigger",
    "guardian",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_filters",
    "django_structlog",
    "rest_framework",
    "widget_tweaks",
    # Loaders and built-ins of these two are written out in TEMPLATES: their automatic set-ups overwrite each other.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casework.agencies.session.idle_logout",
    "casework.agencies.session.user_language",
    "casework.agencies.session.LogInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "desks.asof.nothing_changes_in_the_past",
    "axes.middleware.AxesMiddleware",  # last: it turns a lock-out into an answer
]
ROOT_URLCONF = "casework.urls"
WSGI_APPLICATION = "casework.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casework.context.shell",
            ],
        },
    }
]

# --- PostgreSQL: `app` serves, `owner` migrates; both speak Seoul time ---
_ADDRESSES = addresses(VAR)


def _database(variable, default):
    config = env.db_url_config(env.str(variable, default=default))
    return config | {
        "HOST": unquote(config["HOST"]),  # a socket's folder stands in the host's place, percent-encoded
        "ENGINE": "django.db.backends.postgresql",
        "TIME_ZONE": "Asia/Seoul",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False),
        # An unset pgtrigger.ignore costs every trigger a failed subtransaction: a load of a million rows slows down by
        # its square. The JIT compiler costs seconds where a statement is large and its rows are few (measured: the
        # counts of an inbox over 200,000 referrals, 7.5 of 7.7 s); the embedded server has it off as well.
        "OPTIONS": {"options": "-c timezone=Asia/Seoul -c temp_buffers=64MB -c jit=off -c pgtrigger.ignore={}"},
    }


DATABASES = {
    "default": _database("DATABASE_URL", _ADDRESSES.app),
    # Given servers without an owner of their own migrate with the one role there is; production refuses that.
    "owner": _database("DATABASE_URL_OWNER", env.str("DATABASE_URL", default=_ADDRESSES.owner)),
}
DATABASE_ROUTERS = ["casework.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History rows carry who and where in themselves and can only be added.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()

# --- Celery over Redis ---
REDIS_URL = env.str("REDIS_URL", default=_ADDRESSES.redis)
CELERY_BROKER_URL = REDIS_URL
# Several installations may share one Redis.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.str("REDIS_PREFIX", default=""),
    # Whoever saves must not wait for a Redis that is away: the queue stands in PostgreSQL, and a tick finds it.
    "max_retries": 0,
    "socket_connect_timeout": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_BEAT_SCHEDULE = {
    # One tick a minute asks the ledger what is due; a tick that waited longer than that is of no use to anybody.
    "tick": {"task": "risk.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
    "clocks": {"task": "referrals.tasks.look_at_clocks", "schedule": 60.0, "options": {"expires": 55}},
    "exports": {"task": "casework.exports.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
    "meetings": {"task": "referrals.tasks.end_fallen_shares", "schedule": 60.0, "options": {"expires": 55}},
    # Soon after midnight, and as often again as a night was missed: the ledger keeps it from telling twice.
    "ends": {"task": "households.tasks.tell_of_ends", "schedule": 600.0, "options": {"expires": 590}},
    "visits": {"task": "households.tasks.watch_visits", "schedule": 60.0, "options": {"expires": 55}},
    **API_TICKS,  # noqa: F405
    **TELLING_TICKS,  # noqa: F405
}
# What casework.touched.ring() sends when a household was touched; the queue itself stands in PostgreSQL.
CASEWORK_DOORBELL = "risk.tasks.sweep_touched"
# What each floor does when somebody died, by dotted path: see households.deaths.following.
CASEWORK_AFTER_DEATH = [
    "households.deaths.following.end_requests",
    "households.deaths.following.cancel_visits",
    "referrals.deaths.end_referrals",
]
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# Nothing rides on the cache: throttling and sessions stand in PostgreSQL, so that Redis may be emptied at any moment.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- who may come in: `casework.agencies.conf` ---
# Such as smtp+tls://name:password@mail.example:587; without it notices wait and the administrator sets new passwords.
EMAIL_URL = env.str("EMAIL_URL", default="")
globals().update(env.email_url_config(EMAIL_URL or "dummymail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@localhost")

# guardian only stores the direct foreign-key rows of shares; its backend would answer without their dates.
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "casework_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- what browsers may do (the rest in casework/browser.py) ---
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- languages, days ---
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / package / "locale" for package in ("casework", "households", "referrals", "risk", "desks")]
LANGUAGE_COOKIE_NAME = "casework_language"
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static" if PRODUCTION else None  # else served from where they stand
# KRDS gives tokens and the font only; pages render without them, so a missing npm install is no error.
_KRDS = BASE_DIR / "node_modules" / "krds-uiux" / "resources"
STATICFILES_DIRS = [("krds", folder) for folder in (_KRDS / "css" / "token", _KRDS / "fonts") if folder.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- logs: never a person's data, so no SQL and no form content ---
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")
LOGGING = logging_settings(LOG_LEVEL, as_json=PRODUCTION)

"""Settings of the REST framework and of the description of the interface; `casework.settings` takes them by name."""

import environ
from django.utils.functional import lazystr

__all__ = [
    "API_MOST_BYTES",
    "API_TICKS",
    "API_VERSION",
    "CELERY_IMPORTS",
    "REST_FRAMEWORK",
    "SPECTACULAR_SETTINGS",
    "WEBHOOK_CA",
    "WEBHOOK_NETWORKS",
]

env = environ.Env()
# Private networks that webhooks may reach (WEBHOOK_NETWORKS=10.20.0.0/16), and the authority that signs there.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
WEBHOOK_CA = env.str("WEBHOOK_CA", default="")
CELERY_IMPORTS = ["referrals.webhooks.tasks"]
API_TICKS = {
    "webhooks": {
        "task": "referrals.webhooks.tasks.send_due",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "api": {"task": "referrals.webhooks.tasks.forget", "schedule": 3600.0, "options": {"expires": 3500}},
}

API_VERSION = "1"
# A batch of 10,000 signals is about 2.5 MB; what is larger is no request of this interface.
API_MOST_BYTES = 8 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["casework.api.authentication.Bearer"],
    "DEFAULT_PERMISSION_CLASSES": ["casework.api.authentication.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["casework.api.throttling.PerToken"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["casework.api.parsing.StrictJson"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "casework.api.problems.answered",
    "UNICODE_JSON": True,
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "casework",
    "DESCRIPTION": lazystr(
        "For systems of agencies. Every call acts as the agency's service user and sees what that user may see. "
        "Errors are problem details (RFC 9457)."
    ),
    "VERSION": API_VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "AUTHENTICATION_WHITELIST": ["casework.api.authentication.Bearer"],
    "PREPROCESSING_HOOKS": [],
    "POSTPROCESSING_HOOKS": ["casework.api.described.with_problems"],
    "ENUM_NAME_OVERRIDES": {},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

"""How the product logs: one line an event, without any person's data (no SQL, no form content, no query strings)."""

import structlog


def logging_settings(level, *, as_json):
    """Return Django's `LOGGING`: everything to standard error, as JSON lines or for reading."""
    plain = structlog.dev.plain_traceback  # the pretty one prints local variables, a person's data among them
    reading = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)
    renderer = structlog.processors.JSONRenderer() if as_json else reading
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": _STAMPS,
            }
        },
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard_error"], "level": level},
        "loggers": {
            # SQL is interpolated on the client: one logged statement would hold a person's data.
            "django.db.backends": {"level": "WARNING"},
            "django.server": {"handlers": ["standard_error"], "level": level, "propagate": False},
            "axes": {"level": "WARNING"},
        },
    }


_STAMPS: list = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        *_STAMPS[1:],
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

"""Background work. A message is only a doorbell: the truth stands in PostgreSQL (design §5)."""

import os
import warnings

from celery import Celery
from celery.signals import worker_init
from django.db.utils import InterfaceError, OperationalError
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")

# In a container everything runs as root; what a message may do is bounded by JSON and by our own task names.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("casework")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A database that is gone or restarting is said in one line of the log; the work itself stands in PostgreSQL and waits.
app.Task.throws = (InterfaceError, OperationalError)
app.steps["worker"].add(DjangoStructLogInitStep)


@worker_init.connect
def refuse_unsafe_production(**kwargs):
    """A worker of an unsafe production installation does not start, as its web server does not."""
    from casework.production import refuse_to_start

    refuse_to_start()

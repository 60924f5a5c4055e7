"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
application = get_wsgi_application()

from casework.production import refuse_to_start  # noqa: E402  (needs the apps loaded)

refuse_to_start()

# What is loaded by now stays to the end: looking through it for garbage took a tenth of a page's time.
gc.collect()
gc.freeze()

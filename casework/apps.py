"""The ground floor as a Django app: after every migration it settles who may write what."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CaseworkConfig(AppConfig):
    name = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import casework.production  # noqa: F401  (registers its deploy checks)
        from casework.grants import settle_grants, settle_triggers

        post_migrate.connect(settle_triggers, sender=self, dispatch_uid="casework.triggers")
        post_migrate.connect(settle_grants, sender=self, dispatch_uid="casework.grants")

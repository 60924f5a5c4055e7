from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AgenciesConfig(AppConfig):
    name = "casework.agencies"
    label = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import casework.agencies.logins  # noqa: F401  (connects the receivers)

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="agencies.reference")


def after_migrate(sender, using, **kwargs):
    """Reference data stands after every `migrate`: districts, agencies, centres, holidays, the system user."""
    from casework.agencies.reference import load_reference

    load_reference(using=using)

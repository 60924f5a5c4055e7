from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from casework.telling.targets import leads_to
        from referrals.targets import OPENS

        leads_to(OPENS)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="referrals.reference")


def after_migrate(sender, using, **kwargs):
    """The table of routes stands after every `migrate`."""
    from referrals.routing import load_routes

    load_routes(using=using)

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RiskConfig(AppConfig):
    name = "risk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from households.models.circle import widen
        from risk.rights import emergencies_on_duty

        widen(emergencies_on_duty)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="risk.reference")


def after_migrate(sender, using, **kwargs):
    """Signal codes and the first version of every rule stand after every `migrate`."""
    from risk.reference import load_reference

    load_reference(using=using)

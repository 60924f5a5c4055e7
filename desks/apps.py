from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "desks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from desks.beside import address_protected, beside_the_name
        from households.beside import guard, tell

        tell(beside_the_name)
        guard(address_protected)

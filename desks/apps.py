from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "desks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from desks.beside import address_protected, beside_the_name
        from desks.council import as_it_stands
        from households.beside import guard, tell
        from referrals.council import material

        tell(beside_the_name)
        guard(address_protected)
        material.tell(as_it_stands)

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from casework.telling.standing_in import ask
        from households.actions.absence import standing_in

        ask(standing_in)

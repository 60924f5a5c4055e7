from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from casework.telling.standing_in import ask
        from casework.telling.targets import leads_to
        from households.actions.absence import standing_in
        from households.targets import OPENS

        ask(standing_in)
        leads_to(OPENS)

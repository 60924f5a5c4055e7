from django.apps import AppConfig


class TellingConfig(AppConfig):
    name = "casework.telling"
    label = "telling"
    default_auto_field = "django.db.models.BigAutoField"

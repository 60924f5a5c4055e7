"""What log-in may do here beyond allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are entered by the system administrator."""

    def add_message(self, *args, **kwargs):
        """Say nothing: who logged in sees their own name above the page."""

    def send_mail(self, *args, **kwargs):
        """Send where there is a mail server; without one the pages say whom to ask."""
        if settings.EMAIL_URL:
            super().send_mail(*args, **kwargs)

    def is_open_for_signup(self, request):
        """Say no, whoever asks."""
        return False

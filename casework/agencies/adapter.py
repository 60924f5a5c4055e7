"""What log-in may do here beyond allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are entered by the system administrator."""

    def add_message(self, *args, **kwargs):
        """Say nothing: who logged in sees their own name above the page."""

    def is_open_for_signup(self, request):
        """Say no, whoever asks."""
        return False

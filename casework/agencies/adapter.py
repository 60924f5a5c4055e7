"""What log-in may do here beyond allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are entered by the system administrator."""

    def is_open_for_signup(self, request):
        """Say no, whoever asks."""
        return False

"""Closing a case where a risk, a referral or a transfer may stand against it; what is heard of a case once closed."""

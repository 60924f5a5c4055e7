"""Referrals for systems of agencies: the same records, verbs and rights as the pages have."""

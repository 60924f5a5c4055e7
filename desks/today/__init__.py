"""The desk of a case manager or counsellor: whom to see first, what is owed, what changed."""

"""The back-test: today's rules at past month ends, the crises they would have warned of, and whom they flag."""

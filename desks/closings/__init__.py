"""Endings on the desks: closings of cases, what is heard of a closed case, and what is owed after a death."""

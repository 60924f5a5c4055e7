"""Telling people that something waits for them: in the product first, by e-mail where they wish; a number and a link.

What there is to tell is said by the floors above (`settings.CASEWORK_TELLING`); this room knows kinds, numbers and
addresses, and nothing about anybody.
"""

"""What the floors above know and this floor may not: told through one register, so that imports still go down.

`risk` knows the band and the date by which somebody must be met; the contact form shows them beside the name. A floor
above calls `tell(function)` when it starts (`AppConfig.ready`); `function(household, user, now)` returns a dict with
any of: `band` (number), `ask` (sentence: what to ask), `due_on` (the day until which the next contact is due) and
`refer_url` (where help is asked for).
"""

_tellers = []


def tell(function):
    """Add a function that says something about a household; adding it twice changes nothing."""
    if function not in _tellers:
        _tellers.append(function)
    return function


def beside(household, user, *, now):
    """Return what the floors above say about a household, every key present."""
    said = {"band": 0, "ask": "", "refer_url": "", "due_on": None}
    for function in _tellers:
        said |= function(household, user, now)
    return said

"""What the floors above know and this floor may not: told through one register, so that imports still go down.

`risk` knows the band and the date by which somebody must be met; the contact form shows them beside the name. A floor
above calls `tell(function)` when it starts (`AppConfig.ready`); `function(household, user, now)` returns a dict with
any of: `band` (number), `ask` (sentence: what to ask), `due_on` (the day until which the next contact is due),
`due_if_met` (that day if the person is met today), `daily` (try every day until somebody met them) and `refer_url`
(where help is asked for).
"""

_tellers = []
_guards = []


def tell(function):
    """Add a function that says something about a household; adding it twice changes nothing."""
    if function not in _tellers:
        _tellers.append(function)
    return function


def beside(household, user, *, now):
    """Return what the floors above say about a household, every key present."""
    said = {"band": 0, "ask": "", "refer_url": "", "due_on": None, "due_if_met": None, "daily": False}
    for function in _tellers:
        said |= function(household, user, now)
    return said


def guard(function):
    """Add a function that says which households are named by number; adding it twice changes nothing.

    `function(households)` takes ids and returns the set of those that carry a violence marker, whoever asks: what
    must not be shown does not depend on what the reader may see.
    """
    if function not in _guards:
        _guards.append(function)
    return function


def guarded(households):
    """Return the set of those of `households` (ids) whose people are called by number and whose town is kept back."""
    return set().union(*(function(households) for function in _guards))

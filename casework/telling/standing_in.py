"""Who stands in for whom: what is told to somebody who is away reaches their substitute too, on those days alone.

The ground knows no absences; the floor that keeps them says so by `ask(function)` when it starts (`AppConfig.ready`).
`function(users, now)` takes ids and returns {id of who is away: id of who stands in}.
"""

from dataclasses import replace

from casework.telling.targets import openable

_asked = []


def ask(function):
    """Add a function that knows who stands in for whom; adding it twice changes nothing."""
    if function not in _asked:
        _asked.append(function)
    return function


def standing_in(users, now):
    """Return {id of who is away at a moment: id of who stands in} of those of `users` (ids)."""
    found = {}
    for function in _asked:
        found |= function(users, now)
    return found


def with_substitutes(notices, now, without=frozenset()):
    """Return the Notices, and of each to somebody who is away the same one to who stands in, unless that is one of
    `without` (ids): who did it, or must not be told of it; or may not open what it leads to (`targets`): that stays
    with the one who is away and whoever else was told; of one that is `alone`, none. One query or none, and one for
    each substitute and kind of page where somebody is away."""
    found = standing_in({one.user for one in notices}, now) if notices else {}
    away = [one for one in notices if not one.alone and found.get(one.user, None) not in {None, *without}]
    return [*notices, *openable([replace(one, user=found[one.user]) for one in away])]

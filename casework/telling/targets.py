"""What a notice leads to, and whether somebody may open it: asked before a substitute is told, and when one is opened.

The ground knows no cases; each floor says of its pages who may open them by `leads_to` when it starts
(`AppConfig.ready`). A page of which nobody says anything is open: it shows to each what they may see.
"""

from collections import defaultdict

from casework.agencies.models import User

_opens = {}


def leads_to(opens):
    """Add {name of a page: `function(user, labels)`}, which returns those of the numbers `labels` (a set) that the user
    may open there; adding them twice changes nothing."""
    _opens.update(opens)


def openable(notices):
    """Return the Notices whose people may open what they lead to, in their order."""
    asked = defaultdict(set)
    for one in notices:
        asked[one.user, one.url[0]].add(one.label)
    users = User.objects.in_bulk({one.user for one in notices}) if notices else {}
    found = {(user, name): _open_of(users[user], name, labels) for (user, name), labels in asked.items()}
    return [one for one in notices if one.label in found[one.user, one.url[0]]]


def may_open(user, url_name, label):
    """Tell whether the user may open what a notice of this number leads to."""
    return label in _open_of(user, url_name, {label})


def _open_of(user, name, labels):
    return _opens[name](user, labels) if name in _opens else labels

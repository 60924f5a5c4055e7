"""What the work with a household leaves behind, for the permission matrix."""


def case_of(relation, household, person, *, worker, by, user):
    """Return {name: what a URL is called with}; `by` is a colleague of the worker, `user` the one who asks."""
    return {}

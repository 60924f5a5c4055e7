"""What a client creates lands once: a double tap, a retry, an offline queue send the same `client_key` (design §4)."""

from django.db.models import Q, UniqueConstraint


def landed_once(name, *, author="recorded_by", versions=False):
    """Return the constraint that an author's key lands once; `name` is the table's short name.

    `author`: the field of who made the record. `versions`: of a fact only the version that stands is counted.
    """
    standing = {"superseded_at": None} if versions else {}
    return UniqueConstraint(
        fields=[author, "client_key"], condition=Q(client_key__isnull=False, **standing), name=f"{name}_landed_once"
    )


def landed(rows, *, by, client_key, author="recorded_by"):
    """Return what `by` created under this key before, among `rows` (a queryset), or None; no key was never there."""
    return rows.filter(**{author: by}, client_key=client_key).first() if client_key else None

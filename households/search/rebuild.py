"""Making the stored keys again from the names on file."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter

from django.db import connections, router, transaction

from households.models import NameKey, Person, PersonName
from households.search.keys import KeyKind, keys_of

CHUNK = 5_000
"""Persons per statement: about 40,000 keys, a few megabytes."""

# What did not change stays untouched, so that loading the same register again writes nothing. ON CONFLICT: two people
# may record names of one person at once, and both are right.
_REPLACE = """
    WITH fresh AS (
        SELECT * FROM unnest(%(person)s::bigint[], %(kind)s::smallint[], %(key)s::text[]) AS f (person_id, kind, key)
    ),
    gone AS (
        DELETE FROM {table} old WHERE person_id = ANY(%(persons)s::bigint[]) AND NOT EXISTS (
            SELECT FROM fresh WHERE fresh.person_id = old.person_id AND fresh.kind = old.kind AND fresh.key = old.key)
    )
    INSERT INTO {table} (person_id, kind, key) SELECT person_id, kind, key FROM fresh ON CONFLICT DO NOTHING
"""


def rebuild_keys(person_ids: Iterable[int] | None = None) -> int:
    """Make the search keys of these persons (None: of everybody) agree with their names; return how many persons.

    Call it in the transaction that records a name. Superseded versions of a name give no keys, former names do. The
    keys are made in Python and not in SQL, because the fold and the sounds are one small language that query and
    store share to the letter; names are streamed and each 5,000 persons are one statement, so 46,000 persons
    take seconds.
    """
    ids = (
        Person.objects.order_by("pk").values_list("pk", flat=True).iterator()
        if person_ids is None
        else iter(set(person_ids))
    )
    count = 0
    with transaction.atomic(using=router.db_for_write(NameKey)):
        while chunk := list(islice(ids, CHUNK)):
            _replace(chunk)
            count += len(chunk)
    return count


def _replace(chunk: list[int]) -> None:
    rows = list(_rows(chunk))
    columns = {name: _array(row[i] for row in rows) for i, name in enumerate(("person", "kind", "key"))}
    with connections[router.db_for_write(NameKey)].cursor() as cursor:
        cursor.execute(_REPLACE.format(table=NameKey._meta.db_table), {**columns, "persons": _array(chunk)})


def _array(values: Iterable[int | str]) -> str:
    """Return an array literal: the driver's own ARRAY[...] is one expression per element, and parsed as such.

    Keys hold letters only; the quotes keep a name that sounds like null from being it.
    """
    return "{" + ",".join(f'"{value}"' for value in values) + "}"


def _rows(chunk: list[int]) -> Iterator[tuple[int, int, str]]:
    names = (
        PersonName.objects.current()
        .filter(person__in=chunk)
        .order_by("person")
        .values_list("person", "family", "given")
        .iterator(chunk_size=CHUNK)
    )
    for person, group in groupby(names, key=itemgetter(0)):
        keys = {pair for _, family, given in group for pair in _keys(family, given)}
        yield from ((person, int(kind), key) for kind, key in sorted(keys))


def _keys(family: str, given: str) -> set[tuple[KeyKind, str]]:
    # A Latin name that came undivided stands whole in `given`.
    return keys_of(family, given) if family else keys_of("", given, latin=given)

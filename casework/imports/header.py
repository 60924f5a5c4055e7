"""The first row of a file against the columns that a kind of import knows."""

from collections.abc import Sequence

from casework.imports.loader import Loader
from casework.imports.reasons import FileRefused

# Our own file of refused rows carries these; they are left out when it comes back mended.
OURS = ("refused_row", "refused_field", "refused_reason")


def places(header: Sequence[str], loader: type[Loader]) -> tuple[dict[str, int], list[str]]:
    """Return ({column: place in the row}, names that mean nothing here). Raises `FileRefused`.

    Names may stand in any order and in any case; one of the loader's `choices` must be whole.
    """
    names = [name.strip().lower() for name in header]
    if not any(names):
        raise FileRefused("empty_file", columns=listed(loader))
    found = {}
    for place, name in enumerate(names):
        if name in found:
            raise FileRefused("column_twice", field=name, column=name)
        if name in loader.columns:
            found[name] = place
    missing = [name for name in loader.required if name not in found]
    if missing:
        raise FileRefused("missing_columns", field=missing[0], missing=", ".join(missing), columns=listed(loader))
    if loader.choices and not any(all(name in found for name in choice) for choice in loader.choices):
        raise FileRefused("no_choice", field=loader.choices[0][0], choices=spoken_choices(loader))
    return found, [name for name in names if name and name not in found and name not in OURS]


def listed(loader: type[Loader]) -> str:
    """Return the columns as a sentence lists them."""
    return ", ".join([*loader.required, *([f"({spoken_choices(loader)})"] if loader.choices else [])])


def spoken_choices(loader: type[Loader]) -> str:
    """Return the ways to name a person: `person_ref / case_number / name + birth_date + sex`."""
    return " / ".join(" + ".join(choice) for choice in loader.choices)

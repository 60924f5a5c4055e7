"""Load contacts from a file."""

from casework.imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Load contacts: one row is one contact or attempt. Exit 0 all, 1 some rows refused, 2 file refused."
    kind = "contacts"

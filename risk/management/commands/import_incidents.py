"""Load recorded crises from a file."""

from casework.imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Load recorded crises: one row is one crisis of one person. Exit 0 all, 1 some rows refused, 2 file refused."
    kind = "incidents"
    source_required = True

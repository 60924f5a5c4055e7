"""Load handovers from Hanawon from a file."""

from casework.imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Load handovers: one row is one person who is coming. Exit 0 all, 1 some rows refused, 2 file refused."
    kind = "handovers"

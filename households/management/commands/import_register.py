"""Load the register from a file."""

from casework.imports.commands import ImportCommand, day


class Command(ImportCommand):
    help = "Load the register: one row is one person. Exit 0 all, 1 some rows refused, 2 file refused."
    kind = "register"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--effective", type=day, help="what differs begins on this day; without it, it is a correction"
        )

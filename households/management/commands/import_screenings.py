"""Load screenings from a file."""

from casework.imports.commands import ImportCommand, day


class Command(ImportCommand):
    help = "Load screenings: a row is one result. Exit 0 all, 1 some rows refused, 2 file refused."
    kind = "screenings"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--received", type=day, help="the day on which the file came; nothing in it may lie after it"
        )

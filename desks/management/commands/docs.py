"""Writes the generated pages of docs/, or says which of them differ from the code."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from casework import catalogue
from desks.generated import pages

FOLDERS = ("states", "rules")


class Command(BaseCommand):
    help = "Writes docs/states and docs/rules from the code; --check fails when they differ and changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="fail when a page is missing, stale or left over")

    def handle(self, *args, check, **options):
        catalogue.compile_catalogues(settings.BASE_DIR)
        docs, made = settings.BASE_DIR / "docs", pages()
        stale = [name for name, text in made.items() if _read(docs / name) != text]
        left_over = [str(p.relative_to(docs)) for p in _written(docs) if str(p.relative_to(docs)) not in made]
        if check:
            if stale or left_over:
                raise CommandError(f"run manage.py docs: {', '.join([*stale, *left_over])}")
            return
        for name in stale:
            (docs / name).parent.mkdir(parents=True, exist_ok=True)
            (docs / name).write_text(made[name], encoding="utf-8")
        for name in left_over:
            (docs / name).unlink()
        self.stdout.write(f"{len(made)} pages, {len(stale)} written, {len(left_over)} removed")


def _read(path):
    return path.read_text(encoding="utf-8") if path.exists() else None


def _written(docs):
    return [path for folder in FOLDERS for path in sorted((docs / folder).glob("*.md"))]

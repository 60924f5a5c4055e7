"""Brings the Korean catalogues up to what the sources say, compiles them, or checks that nothing is missing."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from casework import catalogue


class Command(BaseCommand):
    help = "Updates and compiles the translation catalogues; --check says what is missing and changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("package", nargs="?", choices=catalogue.PACKAGES, help="default: all packages")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="fail on a missing or stale catalogue")
        how.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, *args, package, check, compile, **options):
        base, packages = settings.BASE_DIR, [package] if package else catalogue.PACKAGES
        if check:
            problems = [problem for name in packages for problem in _problems(base, name)] + _contradictions(base)
            if problems:
                raise CommandError("\n".join(problems))
            return
        for name in packages if not compile else ():
            self._update(base, name)
        catalogue.compile_catalogues(base)

    def _update(self, base, package):
        messages = catalogue.extracted(base, package)
        korean = _borrowed(base) | catalogue.translated(base, package)
        path = catalogue.path_of(base, package)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalogue.rendered(messages, korean), encoding="utf-8")
        missing = sum(message not in korean for message in messages)
        self.stdout.write(f"{package}: {len(messages)} messages, {missing} without Korean")


def _borrowed(base):
    """Return all packages' Korean: a sentence that moves to another package keeps its translation."""
    korean = {}
    for package in catalogue.PACKAGES:
        korean |= catalogue.translated(base, package)
    return korean


def _problems(base, package):
    messages, korean = catalogue.extracted(base, package), catalogue.translated(base, package)
    for _, message in sorted(messages - korean.keys(), key=str):
        yield f"{package}: no Korean for {message!r}"
    path = catalogue.path_of(base, package)
    if messages and (not path.exists() or path.read_text(encoding="utf-8") != catalogue.rendered(messages, korean)):
        yield f"{package}: the catalogue is stale: run manage.py messages {package}"


def _contradictions(base):
    """Return a sentence for every message that two packages translate differently: only one of them would be shown."""
    said, problems = {}, []
    for package in catalogue.PACKAGES:
        for message, text in catalogue.translated(base, package).items():
            other, before = said.setdefault(message, (package, text))
            if before != text:
                problems.append(f"{message[1]!r}: {other} says {before!r}, {package} says {text!r}")
    return problems

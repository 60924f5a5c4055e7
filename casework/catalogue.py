"""Translation catalogues, one a package: what the sources say, what the Korean says, and what is missing.

Babel instead of makemessages: GNU gettext is not on a fresh machine. Catalogues carry no line numbers and no dates
and are sorted, so that a diff shows words only.
"""

import io
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.utils.translation.template import templatize

PACKAGES = ("casework", "households", "referrals", "risk", "desks")
# Folders below templates/ by the package whose noun they are; one named like a package is its own, others the roof's.
NOUNS = {
    "account": "casework",
    "admin": "casework",
    "agencies": "casework",
    "allauth": "casework",
    "cotton": "casework",
    "exports": "casework",
    "imports": "casework",
    "mfa": "casework",
    "telling": "casework",
    "contacts": "households",
    "persons": "households",
    "flags": "risk",
    "reviews": "risk",
    "signals": "risk",
}
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = r"""msgid ""
msgstr ""
"Language: ko\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""


def sources(base, package):
    """Yield the Python files and templates whose strings belong to `package`, sorted."""
    folder = Path(base) / package
    yield from sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    for path in sorted((Path(base) / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt", ".svg"} and owner(path.relative_to(Path(base) / "templates")) == package:
            yield path


def owner(template):
    """Return the package that the template (a path below templates/) belongs to."""
    noun = template.parts[0] if len(template.parts) > 1 else "casework"
    return noun if noun in PACKAGES else NOUNS.get(noun, "desks")


def extracted(base, package):
    """Return the messages of the package's sources: {(context or None, msgid or (singular, plural))}."""
    found = set()
    for path in sources(base, package):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text, origin=str(path))
        for _, function, message, _ in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"}):
            found.add(_message(function, message))
    return {(context, message) for context, message in found if message}


def _message(function, message):
    """Return (context, msgid) of one call, its arguments in the order of the call."""
    parts = list(message) if isinstance(message, tuple) else [message]
    context = parts.pop(0) if "pgettext" in function else None
    plural = function.startswith("n")
    texts = parts[: 2 if plural else 1]
    if not all(isinstance(text, str) for text in texts) or not texts:
        return None, None
    return context, tuple(texts) if plural else texts[0]


def path_of(base, package):
    """Return where the package's Korean catalogue stands."""
    return Path(base) / package / "locale" / "ko" / "LC_MESSAGES" / "django.po"


def translated(base, package):
    """Return the Korean of the package's catalogue: {(context, msgid): text}, without fuzzy and empty ones."""
    path = path_of(base, package)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = pofile.read_po(file, locale="ko")
    return {
        (message.context, message.id): message.string
        for message in catalog
        if message.id
        and not message.fuzzy
        and all([message.string] if isinstance(message.string, str) else message.string or [""])
    }


def rendered(messages, korean):
    """Return the text of a catalogue that holds just `messages`, with the Korean known for them."""
    catalog = Catalog(locale="ko")
    for context, message in messages:
        catalog.add(message, korean.get((context, message), ""), context=context)
    text = io.BytesIO()
    pofile.write_po(text, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    return HEADER + text.getvalue().decode().lstrip("\n")


def compile_catalogues(base):
    """Write each package's .mo file, which is not kept in the repository, where it is older than its .po."""
    for package in PACKAGES:
        path = path_of(base, package)
        compiled = path.with_suffix(".mo")
        if not path.exists() or (compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns):
            continue
        with path.open("rb") as file:
            catalog = pofile.read_po(file, locale="ko")
        partial = compiled.with_suffix(".partial")
        with partial.open("wb") as file:
            mofile.write_mo(file, catalog)
        partial.rename(compiled)

"""Topics of the education and their booklets: our own words (자체 자료), no official text; one small data file."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "education_topics.json"


@dataclass(frozen=True)
class Topic:
    """One topic in one language: what it is called, what is said in short, the paragraphs, whom to ask."""

    code: str
    title: str
    short: str
    paragraphs: tuple[str, ...]
    steps: tuple[str, ...]


@cache
def _data():
    return json.loads(DATA.read_text(encoding="utf-8"))["topics"]


def topics(language):
    """Return the topics in a language ("ko" or "en"), in the order of the file."""
    return [_topic(row, "en" if language == "en" else "ko") for row in _data()]


def topic_of(code, language):
    """Return the topic of a code, or None."""
    return next((one for one in topics(language) if one.code == code), None)


def _topic(row, language):
    said = row[language]
    return Topic(row["code"], said["title"], said["short"], tuple(said["paragraphs"]), tuple(said["steps"]))

"""One English sentence has one Korean sentence: Django reads the catalogues of all packages as one."""

from collections import defaultdict
from pathlib import Path

from babel.messages import pofile
from django.conf import settings
from django.utils.translation import gettext, override, pgettext


def test_no_two_packages_say_the_same_words_differently():
    said = defaultdict(set)
    for path in Path(settings.BASE_DIR).glob("*/locale/ko/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in pofile.read_po(file, locale="ko"):
                if message.id:
                    korean = message.string if isinstance(message.string, str) else message.string[0]
                    said[message.context, str(message.id)].add(korean)
    assert len(said) > 5_000
    assert {words: koreans for words, koreans in said.items() if len(koreans) > 1} == {}


def test_a_button_that_opens_a_record_does_not_say_that_something_goes_on():
    with override("ko"):
        assert (pgettext("record", "Open"), gettext("Open")) == ("열기", "진행 중")

"""Every component renders in every state, in both languages, with every variable defined."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template import engines
from django.utils import translation

from casework.parts import parts


class Undefined(str):
    """Raises where a template names a variable that nobody gave."""

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, variable):
        raise AssertionError(f"undefined in a template: {variable}")


@pytest.fixture
def page(rf, monkeypatch, settings):
    settings.DEMO = True
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))
    request = rf.get("/parts/")
    request.user = AnonymousUser()
    request._messages = []
    return request


@pytest.mark.parametrize(
    ("language", "band", "nobody"), [("ko", "긴급", "담당자 없음"), ("en", "Emergency", "Nobody responsible")]
)
def test_the_parts_page_shows_every_part(page, language, band, nobody):
    with translation.override(language):
        html = parts(page).content.decode()
    assert band in html
    assert nobody in html
    assert f'<html lang="{language}">' in html


def test_an_error_is_tied_to_its_field(page):
    with translation.override("ko"):
        html = parts(page).content.decode()
    assert 'id="s_day_error"' in html
    assert (
        'aria-describedby="s_day_helptext s_day_error"' in html
        or 'aria-describedby="s_day_error s_day_helptext"' in html
    )


def test_outside_demo_mode_there_is_no_such_page(page, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(Http404):
        parts(page)

"""What no template may hold: the content security policy would refuse it, or a reader of the screen would miss it."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
REFUSED = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "htmx code in an attribute": re.compile(r"\shx-on\b|\bjs:", re.I),
    "an address outside": re.compile(r"(?:src|href)\s*=\s*[\"']https?://", re.I),
}
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.I)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_holds_nothing_that_the_policy_refuses(path):
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in REFUSED.items() if pattern.search(text)] == []
    assert not SCRIPT.search(text), "an inline script"


def test_every_icon_that_is_named_is_in_the_sprite():
    drawn = set(
        re.findall(r'<symbol id="i-([a-z]+)"', (TEMPLATES / "cotton" / "sprite.html").read_text(encoding="utf-8"))
    )
    named = {
        name
        for path in ALL
        for name in re.findall(r'{% icon "([a-z]+)"|(?<!:)\bicon="([a-z]+)"', path.read_text(encoding="utf-8"))
        for name in name
        if name
    }
    assert named <= drawn


def test_every_component_is_in_the_list_of_components():
    told = (TEMPLATES.parent / "docs" / "components.md").read_text(encoding="utf-8")
    missing = [
        path.stem for path in (TEMPLATES / "cotton").glob("*.html") if f"`{path.stem.replace('_', '-')}`" not in told
    ]
    assert missing == []

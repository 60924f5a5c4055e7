"""What a letter says: the texts that a PDF was drawn from."""

import pytest

from casework.paper import Paper


@pytest.fixture
def written(monkeypatch):
    """The texts that were drawn, in order; what stands beside a label as "label: text"."""
    texts, say, beside = [], Paper.say, Paper.say_beside

    def kept(paper, kind, text, *how, **more):
        texts.append(text)
        return say(paper, kind, text, *how, **more)

    def kept_beside(paper, label, text, **more):
        texts.append(f"{label}: {text}")
        return beside(paper, label, text, **more)

    monkeypatch.setattr(Paper, "say", kept)
    monkeypatch.setattr(Paper, "say_beside", kept_beside)
    return texts

"""A booklet on paper: large letters, short sentences, in Korean."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.paper import GREY, Paper


def printed(topic, *, now):
    """Return the PDF file of a topic (of `topics.topic_of`, in Korean)."""
    with override("ko"):
        paper = Paper([_("Our own material (자체 자료), not an official text.")], margin=20)
        paper.set_title(topic.title)
        paper.set_creation_date(now)
        paper.add_page()
        paper.say("H1", topic.title, "B", 22, 12)
        paper.say("P", topic.short, "", 14, 8, GREY)
        paper.ln(4)
        for text in topic.paragraphs:
            paper.say("P", text, "", 14, 8.5)
            paper.ln(3)
        paper.say("H2", _("What to do"), "B", 16, 10)
        for place, text in enumerate(topic.steps, 1):
            paper.say("P", f"{place}. {text}", "", 14, 8.5)
            paper.ln(1)
        return bytes(paper.output())

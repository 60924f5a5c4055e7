"""What a browser sends to the pages of a conference, and where to."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day


def url(name, *args):
    return reverse(f"desks:{name}", args=args)


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def due(days=5):
    return (seoul_day(timezone.now()) + timedelta(days=days)).isoformat()


def words_of(item, **words):
    return {"version": item.version, "kind": "nothing", "what": "지금처럼 이어 갑니다.", "client_key": uuid4()} | words

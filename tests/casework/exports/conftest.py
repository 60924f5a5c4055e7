"""A list of the ground floor's own: agencies by name, of which one may be closed to the reader."""

import pytest

from casework.agencies.models import Agency
from casework.exports.kinds import Kind, Line, kinds
from tests.factories import UserFactory


class Agencies(Kind):
    code, label, names = "agencies", "기관 목록", False
    allowed, readable = True, True

    def allows(self, user):
        return self.allowed

    def narrowed(self, given, user):
        return {"kind": given.get("kind", "")}

    def said(self, asked):
        return asked["kind"]

    def back(self, asked):
        return "/"

    def header(self):
        return ["기관", "번호"]

    def ids(self, user, asked, *, now):
        return list(Agency.objects.filter(name_ko__startswith="목록").order_by("name_ko").values_list("pk", flat=True))

    def lines(self, user, asked, ids, *, now):
        found = Agency.objects.filter(pk__in=ids).order_by("name_ko")
        return [Line(one.pk, [one.name_ko, one.pk], [one.pk], [7], "닫힘" in one.name_ko) for one in found]

    def still(self, user, records, closed):
        return self.readable


@pytest.fixture
def kind(monkeypatch):
    made = Agencies()
    monkeypatch.setitem(kinds(), made.code, made)
    return made


@pytest.fixture
def asker(db):
    return UserFactory(name="서지훈")

"""Attendance: ticked by who keeps the council, each row by who changed it."""

import pytest
from django.urls import reverse

from referrals.models import CouncilAttendance

pytestmark = pytest.mark.django_db


def test_attendance_is_ticked_and_twice_changes_nothing(page, client, people, begun, council):
    url = reverse("referrals:meeting_attendance", args=[begun.meeting.number])
    jobs = council.members.get(agency=people.jobs)
    sent = {f"there-{jobs.pk}": "on", f"who-{jobs.pk}": "하도윤 팀장"}
    client.force_login(people.officer)
    assert client.get(url).status_code == 405
    assert page.post(people.stranger, url, **sent).status_code == 404
    assert page.post(people.worker, url, **sent).status_code == 403
    page.post(people.officer, url, **sent)
    page.post(people.officer, url, **sent)
    assert [(row.member, row.present, row.who) for row in CouncilAttendance.objects.filter(present=True)] == [
        (jobs, True, "하도윤 팀장")
    ]
    page.post(people.officer, url, **{f"had-there-{jobs.pk}": "on", f"had-who-{jobs.pk}": "하도윤 팀장"})
    assert not CouncilAttendance.objects.filter(present=True).exists()


def test_two_who_write_attendance_write_their_own_rows_only(page, people, begun, council):
    url = reverse("referrals:meeting_attendance", args=[begun.meeting.number])
    jobs, centre = council.members.get(agency=people.jobs), council.members.get(agency=people.centre)
    page.post(people.officer, url, **{f"there-{jobs.pk}": "on", f"who-{jobs.pk}": "하도윤"})
    page.post(people.second, url, **{f"there-{centre.pk}": "on", f"who-{jobs.pk}": ""})
    there = CouncilAttendance.objects.filter(present=True).order_by("member").values_list("member", "who")
    assert set(there) == {(jobs.pk, "하도윤"), (centre.pk, "")}
    shown = page.get(people.officer, reverse("referrals:meeting", args=[begun.meeting.number])).content.decode()
    assert f'name="had-there-{jobs.pk}" value="on"' in shown
    assert f'name="had-who-{jobs.pk}" value="하도윤"' in shown

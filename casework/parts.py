"""The page that shows every state of every small part: for people who draw pages, in demo mode only.

Everything said here is a made-up sample; Korean, because that is the language the parts must hold.
"""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.request import Request

TODAY = dt.date(2026, 11, 19)
CHANNELS = [("visit", _("Visit")), ("office", _("Office talk")), ("phone", _("Call")), ("message", _("Message"))]
ICONS = {"visit": "door", "office": "home", "phone": "phone", "message": "mail", "yes": "ok", "no": "x"}
THREE_WAY = [
    ("no", pgettext_lazy("risk", "No")),
    ("yes", pgettext_lazy("risk", "Yes")),
    ("unasked", _("Could not ask")),
]


class SampleForm(forms.Form):
    """One field of each kind; the day is always refused, so that the error stands on the page."""

    day = forms.CharField(label=_("Day of the visit"), help_text="예: 2026. 11. 19.")
    memo = forms.CharField(label=_("Note"), widget=forms.Textarea({"rows": 3}), required=False)
    district = forms.ChoiceField(label=_("District"), choices=[("1", "인천 남동구"), ("2", "인천 연수구")])
    agreed = forms.BooleanField(label=_("The person has read and agreed"), required=False)
    channel = forms.ChoiceField(label=_("How"), choices=CHANNELS, widget=forms.RadioSelect)
    met = forms.ChoiceField(
        label=_("Did you meet?"), choices=[("yes", _("Met")), ("no", _("Not met"))], widget=forms.RadioSelect
    )
    topics = forms.MultipleChoiceField(
        label=_("What about"),
        choices=[("1", "생계"), ("2", "주거"), ("3", "의료"), ("4", "자녀")],
        widget=forms.CheckboxSelectMultiple,
    )
    harm = forms.ChoiceField(label=_("Food, power, heating"), choices=THREE_WAY, widget=forms.RadioSelect)

    def clean_day(self) -> str:
        raise forms.ValidationError("오늘(2026. 11. 19.)이나 그 전 날짜를 적어 주세요.")


def samples() -> dict[str, Any]:
    """Made-up values for the parts that take more than words."""
    seoul = timezone.get_default_timezone()
    span = SimpleNamespace
    regions = ["인천", "서울", "경기", "강원", "충남·세종", "대전", "충북", "경북"]
    shades = [3, 3, 3, 3, 4, 1, 5, 0]
    return {
        "bands": [5, 4, 3, 2, 1],
        "today": TODAY,
        "evaluated": dt.datetime(2026, 11, 19, 6, 10, tzinfo=seoul),
        "sent": dt.datetime(2026, 11, 12, 15, 20, tzinfo=seoul),
        "noon": dt.datetime(2026, 11, 13, 10, 5, tzinfo=seoul),
        "saved_at": dt.datetime(2026, 11, 19, 19, 12, tzinfo=seoul),
        "learnt_on": dt.date(2026, 11, 9),
        "feeds": [{"label": "전기", "days": 9}, {"label": "건강보험", "days": 3}],
        "reasons": [("visit", "방문 약속을 잡으려고"), ("refer", "의뢰를 보내려고")],
        "tally": [(5, 7), (4, 92), (3, 229), (2, 275), (1, 1689)],
        "tried": [(1, 1), (0, 0), (3, 0), (3, 1)],
        "tips": [(3, 2), (4, 2), (5, 0), (5, 1)],
        "period": span(lower=dt.date(2022, 3, 15), upper=dt.date(2027, 3, 15), isempty=False),
        "notice_by": dt.date(2026, 12, 14),
        "tiles": [
            {
                "name": name,
                "column": i % 4,
                "row": i // 4,
                "shade": shade,
                "value": f"{3 + shade / 2:.1f}%" if shade else "5 미만",
                "note": f"{90 + i}가구" if shade else "가림",
            }
            for i, (name, shade) in enumerate(zip(regions, shades, strict=True))
        ],
        "groups": [
            {"level": level, "count": n, "over": over}
            for level, n, over in ((5, 1, 1), (4, 6, 2), (3, 16, 4), (2, 19, 3), (1, 60, 5))
        ],
        "keys": [("J K", "위아래"), ("X", "선택"), ("Enter", "열기"), ("R", "검토")],
        "icons": ICONS,
    }


def parts(request: Request) -> HttpResponse:
    """Show the parts; 404 outside demo mode and DEBUG."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    filled = {
        "day": "2026. 12. 19.",
        "district": "1",
        "channel": "visit",
        "met": "yes",
        "topics": ["1", "4"],
        "harm": "yes",
    }
    form = SampleForm(filled, auto_id="s_%s")
    form.is_valid()
    return render(
        request,
        "casework/parts.html",
        samples() | {"form": form, "asof": {"on": dt.date(2026, 8, 31), "known": "", "back": "?", "other": "?"}},
    )

"""The worked examples of entitlements.csv: facts, a day, an entitlement, the answer, the article.

A reader of the law checks the table without reading code; this test answers every line of it from the register.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from households.entitlements.answers import answers_of
from households.entitlements.catalogue import catalogue_of
from tests.factories.registers import household, member

TABLE = Path(__file__).parent / "entitlements.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
LISTED = {"해당될 수 있음": "yes", "해당 없음": "no", "알 수 없음": "ask", "목록에 없음": None}
ROLES = {"세대주": "head", "배우자": "spouse", "자녀": "child", "부모": "parent"}
WORDS = {
    "소득": (
        "income",
        {"기준 이하": "below_line", "기준 조금 위": "near_line", "기준 위": "above_line", "모름": "unknown"},
    ),
    "취업": (
        "employment",
        {
            "취업": "employed",
            "일용": "day_labour",
            "자영업": "self_employed",
            "구직": "unemployed",
            "일하지 않음": "not_working",
        },
    ),
    "장애": ("disability", {"심한 장애": "severe", "심하지 않은 장애": "mild", "없음": "none"}),
    "질병": ("illness", {"중증": "serious", "만성": "chronic", "없음": "none"}),
    "혼인": ("marital", {"혼인": "married", "미혼": "single", "이혼": "divorced", "사별": "bereaved"}),
}
DECISIONS = {"": "", "보호": "protected", "비보호": "non_protected", "신청": "pending"}


def day(text):
    return date.fromisoformat(text) if text else None


def born(text):
    return (date(int(text), 1, 1), "year") if len(text) == 4 else (day(text), "day")


def others(home, text):
    """Make the other members: "배우자 1985-01-01 북한이탈주민 전입 2023-06-01; 자녀 …"."""
    for told in filter(None, (part.split() for part in text.split(";"))):
        role, birth, whether, *more = told
        moved_in = day(more[1]) if more[:1] == ["전입"] else None
        income = WORDS["소득"][1][" ".join(more[1:])] if more[:1] == ["소득"] else None
        member(
            home,
            role=ROLES[role],
            born=day(birth),
            defector=whether == "북한이탈주민",
            moved_in=moved_in,
            stated=[("income", income, None)] if income else (),
        )


def made(row):
    """Write the facts of a line; return the household and the person it is about."""
    home = household(place=row["지역"], place_since=day(row["거주시작일"]))
    birth, precision = born(row["생년월일"])
    stated = [
        (kind, values[row[column]], day(row["취업시작일"]) if kind == "employment" else None)
        for column, (kind, values) in WORDS.items()
        if row[column]
    ]
    period = [day(text) for text in row["거주지보호기간"].split("~")] if row["거주지보호기간"] else None
    one = member(
        home,
        role=ROLES[row["자기역할"]],
        defector=row["북한이탈주민"] == "예",
        born=birth,
        precision=precision,
        entered=day(row["입국일"]),
        moved_in=day(row["최초전입일"]),
        decision=DECISIONS[row["보호결정"]],
        decided=day(row["결정일"]),
        periods=[period] if period else (),
        facility_until=day(row["시설퇴소일"]),
        stated=stated,
    )
    others(home, row["다른 가구원"])
    return home, one


def test_the_table_is_long_enough_and_names_an_article_in_every_line():
    assert len(ROWS) >= 60
    assert len({row["번호"] for row in ROWS}) == len(ROWS)
    assert all(row["근거"] and row["예상"] in LISTED for row in ROWS)


@pytest.mark.django_db
def test_every_line_of_the_table_is_answered_as_it_says():
    wrong = []
    for row in ROWS:
        home, one = made(row)
        on = day(row["기준일"])
        found = [
            answer
            for answer in answers_of(home.pk, on=on)
            if answer.code == row["지원"]
            and (answer.person == one.pk or answer.version.entitlement.whom == "household")
        ]
        state = found[0].state if found else None
        if state != LISTED[row["예상"]]:
            wrong.append(
                (
                    row["번호"],
                    row["설명"],
                    row["예상"],
                    state,
                    [line.asks + ":" + line.state for line in (found[0].lines if found else ())],
                )
            )
    assert wrong == []


@pytest.mark.django_db
def test_every_entitlement_of_the_catalogue_has_a_line():
    codes = {version.entitlement.code for version in catalogue_of(on=date(2026, 11, 23)).versions}
    assert codes == {row["지원"] for row in ROWS}

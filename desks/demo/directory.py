"""Services of the demo's agencies: generic names and conditions, and telephone numbers that are nobody's."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import Agency, Kind
from referrals.models import Service

WEEK = ", ".join(f"{day} 09:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri"))
EVERY_DAY = ", ".join(f"{day} 00:00-24:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
SOURCE = "시연용 자료"
# kind: (need, Korean, English) where each language says name, who may get it, what to bring, guidance; hours.
OFFERED = {
    Kind.CITY: [
        (
            "livelihood",
            (
                "긴급 생계지원 상담",
                "갑자기 소득이 끊긴 가구",
                "신분증, 통장 사본",
                "먼저 전화로 상담 시간을 정하시면 빠릅니다.",
            ),
            (
                "Emergency livelihood support",
                "Households whose income stopped suddenly",
                "Identity card, copy of the bank book",
                "Calling first to fix a time is quicker.",
            ),
            WEEK,
        ),
        (
            "housing",
            ("주거급여 신청 안내", "임대료가 부담되는 가구", "신분증, 임대차계약서", ""),
            (
                "Help with applying for housing benefit",
                "Households that cannot carry the rent",
                "Identity card, lease",
                "",
            ),
            WEEK,
        ),
    ],
    Kind.TOWN: [
        (
            "utilities",
            (
                "전기·가스·수도 끊김 긴급 지원",
                "공급이 끊겼거나 곧 끊길 가구",
                "체납 고지서",
                "끊긴 날을 먼저 말씀해 주십시오.",
            ),
            (
                "Help when power, gas or water is cut off",
                "Households cut off or about to be",
                "The unpaid bill",
                "Please say first on which day it was cut off.",
            ),
            WEEK,
        ),
    ],
    Kind.JOB_CENTRE: [
        (
            "work",
            ("취업 상담과 알선", "일자리를 찾는 분", "신분증, 이력서(있으면)", ""),
            (
                "Job counselling and placement",
                "People who look for work",
                "Identity card, curriculum vitae if there is one",
                "",
            ),
            WEEK,
        ),
        (
            "training",
            ("직업훈련 과정 안내", "새 기술을 배우려는 분", "신분증", ""),
            ("Vocational training courses", "People who want to learn a trade", "Identity card", ""),
            WEEK,
        ),
    ],
    Kind.EDUCATION_OFFICE: [
        (
            "education",
            (
                "학적·편입학 상담",
                "학교에 다니거나 옮기는 자녀",
                "학력 확인 서류(있으면)",
                "서류가 없어도 상담할 수 있습니다.",
            ),
            (
                "Advice on schooling and changing schools",
                "Children who go to school or change it",
                "Papers on past schooling if there are any",
                "You can come without papers.",
            ),
            WEEK,
        ),
    ],
    Kind.MENTAL_HEALTH: [
        (
            "mind",
            ("마음 건강 상담", "마음이 힘든 분과 가족", "", "밤에도 전화로 상담합니다."),
            (
                "Mental-health counselling",
                "People in distress and their families",
                "",
                "Counselling by telephone at night too.",
            ),
            EVERY_DAY,
        ),
    ],
    Kind.FOUNDATION: [
        (
            "debt",
            ("법률·채무 상담 연계", "빚이나 법률 문제가 있는 북한이탈주민", "관련 서류", ""),
            ("Legal and debt advice", "Resettled people with debts or a legal problem", "The papers about it", ""),
            WEEK,
        ),
    ],
}


def write(*, on: date) -> int:
    """List the services of every agency of these kinds, offered since a year before `on`; return how many."""
    rows = [
        _service(agency, place, offer, on)
        for agency in Agency.objects.filter(kind__in=OFFERED).order_by("id")
        for place, offer in enumerate(OFFERED[Kind(agency.kind)])
    ]
    return len(Service.objects.bulk_create(rows))


def _service(agency: Agency, place: int, offer: tuple, on: date) -> Service:
    need, korean, english, hours = offer
    said = {
        f"{field}_{language}": text
        for language, texts in (("ko", korean), ("en", english))
        for field, text in zip(("name", "who", "bring", "guidance"), texts, strict=True)
    }
    # No exchange in Korea is 000: these numbers are nobody's.
    return Service(
        agency=agency,
        need=need,
        **said,
        hours=hours,
        channels=["phone", "visit"],
        phone=f"02-000-{1000 + place:04d}",
        address=f"{agency.region or agency.name_ko} 모의로 {1 + place}".strip(),
        capacity=10 if need in ("work", "mind") else None,
        capacity_on=on if need in ("work", "mind") else None,
        during=DateRange(on - timedelta(days=365), None),
        source=SOURCE,
        unofficial=True,
    )

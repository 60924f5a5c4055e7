"""What workers write after a contact: sentences of ours, chosen by topic; nothing of a real note."""

from random import Random

BY_TOPIC = {
    "livelihood": (
        "생활비가 빠듯하다고 하여 생계급여 기준을 함께 살펴보았습니다.",
        "이번 달 수입과 지출을 같이 적어 보았습니다.",
        "식료품 나눔 일정을 안내했고 다음 주에 받기로 했습니다.",
    ),
    "housing": (
        "임대료 고지서를 함께 확인하고 납부 방법을 안내했습니다.",
        "집 안이 깨끗하고 난방도 잘 된다고 합니다.",
        "이사 계획이 있어 전입신고 순서를 안내했습니다.",
    ),
    "health": (
        "무릎 통증으로 병원에 다녀왔고 약을 복용 중입니다.",
        "건강검진 대상임을 알려 드리고 예약을 도왔습니다.",
        "치과 진료를 미루고 있어 가까운 의원을 안내했습니다.",
    ),
    "mind": (
        "잠을 잘 못 잔다고 하여 상담을 권했습니다.",
        "고향 가족 생각에 힘들 때가 있다고 합니다.",
        "지난번보다 표정이 밝고 이야기를 많이 나누었습니다.",
    ),
    "family": (
        "가족과의 관계는 원만하다고 합니다.",
        "배우자와 다툼이 있었으나 대화로 풀었다고 합니다.",
        "부모님 안부를 걱정하고 있습니다.",
    ),
    "children": (
        "아이 학교생활은 무난하고 담임과 통화했다고 합니다.",
        "방과 후 돌봄 신청 방법을 안내했습니다.",
        "아이 한국어 수업을 더 받고 싶어 합니다.",
    ),
    "work": (
        "식당에서 일하고 있으며 근무 시간이 일정합니다.",
        "새 일자리를 찾고 있어 고용센터 프로그램을 안내했습니다.",
        "자격증 시험을 준비하고 있습니다.",
    ),
    "debt": (
        "카드 대금이 밀려 상환 계획을 함께 세웠습니다.",
        "보증 문제로 전화를 받았다고 하여 법률 상담을 안내했습니다.",
        "통신비 분할 납부를 신청하기로 했습니다.",
    ),
    "law": ("계약서 내용을 함께 읽고 모르는 말을 풀어 드렸습니다.", "사기 피해가 걱정되어 신고 절차를 안내했습니다."),
    "safety": ("낯선 전화가 온다고 하여 대처 방법을 이야기했습니다.", "신변보호담당관 연락처를 다시 알려 드렸습니다."),
    "other": ("안부를 확인했고 특별한 어려움은 없다고 합니다.", "다음 명절 행사에 참석하기로 했습니다."),
}
BY_TAG = {
    "self_harm": "힘든 마음을 여러 번 말하였고 혼자 두지 않기로 했습니다.",
    "no_food": "먹을 것이 떨어졌다고 하여 그 자리에서 식료품을 연결했습니다.",
    "no_heat_power": "방이 몹시 춥고 난방이 되지 않습니다.",
    "safety_plan": "안전 계획을 함께 세우고 연락할 사람을 정했습니다.",
    "eviction_notice": "퇴거 통지서를 받았다고 합니다.",
    "lease_cancelled": "문 앞에 임대차 해지 안내문이 붙어 있었습니다.",
    "number_invalid": "없는 번호라는 안내가 나옵니다.",
    "utilities_ok": "전기·수도·가스가 다시 들어오는 것을 확인했습니다.",
    "declined": "앞으로는 연락하지 않아도 된다고 합니다.",
    "divorce": "이혼 절차가 끝났다고 합니다.",
    "job_loss": "다니던 곳을 그만두었다고 합니다.",
    "isolation": "만나는 사람이 거의 없다고 합니다.",
    "alcohol": "빈 술병이 여럿 보였습니다.",
    "chronic_illness": "간 질환으로 치료를 받고 있습니다.",
    "bereavement": "가까운 가족을 떠나보낸 지 얼마 되지 않았습니다.",
    "school_absence": "아이가 한동안 학교에 가지 않았다고 합니다.",
    "covered_elsewhere": "다른 기관에서 자주 찾아온다고 하여 그 기관에 맡기기로 했습니다.",
    "address_mismatch": "등록된 주소에 다른 사람이 살고 있었습니다.",
    "returned_mail": "보낸 우편물이 반송되었습니다.",
    "violence": "집에 있기 무섭다는 말을 하여 따로 자리를 마련해 이야기를 들었습니다.",
}
MISSED = {
    "visit": ("문을 두드렸으나 대답이 없어 안내문을 남겼습니다.", "초인종에 응답이 없고 우편물이 쌓여 있었습니다."),
    "phone": ("신호는 가지만 받지 않습니다.", "전원이 꺼져 있다는 안내가 나옵니다."),
    "message": ("문자를 보냈으나 답이 없습니다.",),
}
TOPICS: tuple[str, ...] = ("livelihood",) * 4 + ("housing",) * 2 + ("health",) * 4 + ("mind",) * 2 + ("family",) * 2
TOPICS += ("work",) * 4 + ("debt", "law", "safety", "other", "other", "other")


def met(topics: list[str], tags: tuple[str, ...], random: Random) -> str:
    """Return the note of a contact in which somebody was spoken with."""
    said = [BY_TAG[tag] for tag in tags if tag in BY_TAG]
    return " ".join(said + [random.choice(BY_TOPIC[topic]) for topic in topics])


def missed(channel: str, tags: tuple[str, ...], random: Random) -> str:
    """Return the note of an attempt that met nobody."""
    said = [BY_TAG[tag] for tag in tags if tag in BY_TAG]
    return " ".join(said or [random.choice(MISSED.get(channel, MISSED["phone"]))])

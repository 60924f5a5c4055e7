"""Reading a district as people write it: `서울 관악구`, `서울특별시 관악구`, an older name, in any spacing."""

from casework.agencies.models import District

# Older registers use these: bodies that were renamed or moved whole. What was split is not guessed.
FORMER_SIDO = {"강원": "강원도", "전북": "전라북도", "제주": "제주도"}
FORMER_SIGUNGU = {
    "인천 남구": ("인천광역시 남구", "28177"),
    "경북 군위군": ("경상북도 군위군", "27720"),
    "경기 여주군": ("경기도 여주군", "41670"),
    "충남 당진군": ("충청남도 당진군", "44270"),
}
SEJONG = "36110"


def district_lookup():
    """Return {spelling without spaces: District} for every 시·군·구 in every accepted spelling; one query."""
    districts = District.objects.filter(kind=District.Kind.SIGUNGU).select_related("parent")
    lookup = {}
    for district in districts:
        for sido in _spellings(district.parent):
            lookup[sido + district.name] = district
            if district.code == SEJONG:
                lookup[sido] = district
    by_code = {district.code: district for district in districts}
    for short, (full, code) in FORMER_SIGUNGU.items():
        lookup[_squeeze(short)] = lookup[_squeeze(full)] = by_code[code]
    return lookup


def parse_district(text, lookup=None):
    """Return the 시·군·구 that `text` names, or None when there is none; 세종 needs no second word.

    `lookup` is one `district_lookup()`, made once by whoever reads many rows.
    """
    return (district_lookup() if lookup is None else lookup).get(_squeeze(text))


def _spellings(sido):
    """Return how a 시·도 is written: 서울, 서울특별시, 서울시; 강원, 강원특별자치도, 강원도."""
    city = {sido.short + "시"} if sido.name.endswith("시") else set()
    return {sido.short, sido.name, FORMER_SIDO.get(sido.short, sido.name)} | city


def _squeeze(text):
    return "".join((text or "").split())

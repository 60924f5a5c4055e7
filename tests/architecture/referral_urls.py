"""The permission matrix of what goes between agencies: referrals, files handed over, concerns, councils, services."""

from casework.agencies.roles import May
from tests.architecture.case_urls import OF_THE_CASE
from tests.architecture.lines import (
    OURS,
    Line,
    agenda,
    asked_for,
    concern,
    council,
    household,
    page,
    referral,
    transfer,
)

TAKES = {May.RECORD_CONTACT, May.RECEIVE}
SENDS_OR_RECEIVES = {May.REFER, May.RECEIVE}
FINDS_SERVICES = SENDS_OR_RECEIVES | {May.ADMINISTER}
KEEPS_SERVICES = {May.RECEIVE, May.ADMINISTER}

REFERRAL_URLS = {
    "referrals:inbox": [page(SENDS_OR_RECEIVES)],
    "referrals:new": [household(May.REFER, ours=True)],
    "referrals:keep": [household(May.REFER, ours=True, methods="POST")],
    "referrals:ask_for": [asked_for()],
    "referrals:conflict_of": [asked_for()],
    "referrals:conflict": [referral(words={May.RECEIVE}, methods="GET POST", only=("referred",))],
    "referrals:detail": [referral(methods="GET")],
    "referrals:concerns": [page(TAKES)],
    "referrals:concern_new": [page(TAKES, methods="GET POST")],
    "referrals:concern": [concern(methods="GET")],
    "referrals:concern_step": [concern("'nothing", words={May.ASSIGN}, methods="POST")],
    "referrals:letter": [referral("'request", methods="GET")],
    "referrals:transfers": [page(OF_THE_CASE)],
    "referrals:propose_transfer": [household(May.INTAKE, ours=True)],
    "referrals:move": [household(May.REFER, ours=True, methods="GET")],
    "referrals:move_notice": [household(May.REFER, ours=True, methods="POST", more=("office",))],
    "referrals:transfer": [transfer(methods="GET")],
    "referrals:transfer_contact": [transfer(words={May.RECORD_CONTACT}, only=("nobody",))],
    "referrals:transfer_step": [transfer("'withdraw", words={May.INTAKE}, methods="POST", only=OURS)],
    "referrals:councils": [page(SENDS_OR_RECEIVES)],
    "referrals:council_new": [page({May.SEE_REGISTER}, methods="GET POST")],
    "referrals:council": [council("council", methods="GET")],
    "referrals:council_member": [council("council", words={May.SEE_REGISTER})],
    "referrals:council_member_end": [council("seat", words={May.SEE_REGISTER})],
    "referrals:meeting_new": [council("council", words={May.SEE_REGISTER}, methods="GET POST")],
    "referrals:propose_find": [page({May.REFER})],
    "referrals:council_propose": [household(May.REFER, ours=True)],
    "referrals:item_withdraw": [agenda({May.REFER}, only=OURS)],
    "referrals:item_ground": [agenda({May.REVIEW}, only=OURS)],
    "referrals:item_decide": [agenda({May.SEE_REGISTER})],
    "referrals:decision_step": [council("decision", "'done", words={May.REFER})],
    "referrals:meeting": [council("meeting", methods="GET")],
    "referrals:meeting_attendance": [council("meeting", words={May.SEE_REGISTER})],
    "referrals:meeting_minutes": [council("meeting", methods="GET POST")],
    "referrals:meeting_change": [council("meeting", words={May.SEE_REGISTER}, methods="GET POST")],
    "referrals:meeting_step": [council("meeting", "'send", words={May.SEE_REGISTER})],
    "referrals:ground_reviews": [page({May.REVIEW, May.ASK_FOR})],
    "referrals:ground_review": [Line("referral", ("danger",), frozenset({May.REVIEW}), "POST", only=OURS)],
    "referrals:edit": [referral(words={May.REFER}, only=OURS)],
    "referrals:step": [
        referral("'cancel", words={May.REFER}, methods="POST", only=OURS),
        referral("'send", words={May.REFER}, methods="POST", only=OURS),
        *(
            referral(f"'{verb}", words={May.RECEIVE}, methods="POST", only=("referred",))
            for verb in ("acknowledge", "accept", "decline", "reroute", "begin", "hold", "resume", "provide", "fail")
        ),
    ],
    "referrals:many": [page({May.RECEIVE}, methods="POST")],
    "referrals:say": [referral(words=SENDS_OR_RECEIVES, methods="POST")],
    "referrals:take": [referral(words={May.RECEIVE}, methods="POST", only=("referred",))],
    "referrals:benefit": [referral(words=SENDS_OR_RECEIVES, methods="POST")],
    "referrals:benefit_step": [
        referral("application", "'decide", words=SENDS_OR_RECEIVES, methods="POST"),
        referral("application", "'extend", words={May.RECEIVE}, methods="POST", only=("referred",)),
    ],
    "referrals:directory": [page(FINDS_SERVICES)],
    "referrals:service": [page(FINDS_SERVICES, called=("service",))],
    "referrals:service_new": [page(KEEPS_SERVICES, methods="GET POST")],
    "referrals:service_edit": [Line("service", ("service",), frozenset(KEEPS_SERVICES))],
    "referrals:service_end": [Line("service", ("service",), frozenset(KEEPS_SERVICES), "POST")],
    "referrals:booklet": [page(FINDS_SERVICES)],
    "referrals:booklet_file": [page(FINDS_SERVICES)],
    "referrals:alarms": [page(SENDS_OR_RECEIVES)],
    "referrals:alarm_seen": [Line("alarm", ("alarm",), frozenset(SENDS_OR_RECEIVES), "POST", only=("own",))],
}

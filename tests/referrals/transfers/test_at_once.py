"""Two at once: the row lock holds."""

from django.utils import timezone

from referrals.models import Transfer
from referrals.transfers import actions
from tests.harness.racing import at_once


def test_two_at_once_one_wins_and_the_file_is_with_one_worker(committed_db, centres, at):
    transfer = at("proposed")

    def answer(verb, words):
        mine = Transfer.objects.get(pk=transfer.pk)
        return actions.VERBS[verb](mine, by=centres.new_boss, now=timezone.now(), **words).status

    asked = [("accept", {"worker": centres.new_worker}), ("decline", {"reason": "관할이 아닙니다."})]
    won, lost = at_once(*(lambda verb=verb, words=words: answer(verb, words) for verb, words in asked))
    assert len(won) == len(lost) == 1
    assert Transfer.objects.get().status == won[0]

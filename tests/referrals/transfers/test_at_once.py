"""Two at once: the row lock holds."""

from threading import Barrier, Thread

from django.db import connection
from django.utils import timezone

from casework.workflow import NotNow
from referrals.models import Transfer
from referrals.transfers import actions


def test_two_at_once_one_wins_and_the_file_is_with_one_worker(committed_db, centres, at):
    transfer, start, won, lost = at("proposed"), Barrier(2), [], []

    def answer(verb, **words):
        try:
            start.wait()
            mine = Transfer.objects.get(pk=transfer.pk)
            won.append(actions.VERBS[verb](mine, by=centres.new_boss, now=timezone.now(), **words).status)
        except NotNow:
            lost.append(verb)
        finally:
            connection.close()

    asked = [("accept", {"worker": centres.new_worker}), ("decline", {"reason": "관할이 아닙니다."})]
    threads = [Thread(target=answer, args=[verb], kwargs=words) for verb, words in asked]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(won) == len(lost) == 1
    assert Transfer.objects.get().status == won[0]

"""Several hands at the same moment, each on a connection of its own, as several requests would be."""

from threading import Barrier, Thread

from django.db import connection, connections

from casework.workflow import NotNow
from households.actions import Refused

# What somebody is told who came second; a test whose verb says it otherwise names its own.
TOLD = (NotNow, Refused)


def at_once(*deeds, told=TOLD):
    """Do all of `deeds`, functions without arguments, at the same moment; return (what was given, what was refused).

    Both are lists in the order in which the deeds ended; a refusal is one of the exceptions `told`. Any other exception
    is raised here, so that no deed breaks off unseen. Wants `committed_db`: nobody sees another's open transaction.
    """
    start, given, refused, broken = Barrier(len(deeds)), [], [], []

    def run(deed):
        try:
            connection.ensure_connection()  # whoever connected later would come second every time
            start.wait(timeout=30)
            given.append(deed())
        except told as refusal:
            refused.append(refusal)
        except Exception as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return given, refused

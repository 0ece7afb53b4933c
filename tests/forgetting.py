"""A patient leaves their words in every state of a conversation, and has them deleted."""

import re
from datetime import timedelta

from clinic.clock import utc_now
from clinic.database import open_database
from clinic.privacy.orders import SETTLED, Orders
from tests.stored_rows import CIPHER, rows_with

# Said nowhere else: patients of other tests are in the same tables.
NAME, WORD, NUMBER = "Zebedee Quillfeather", "xylophone", "07400 998877"
CANARIES = (NAME, WORD, NUMBER, "+447400998877")
REFERENCE = re.compile(r"Your reference: KC-[0-9A-Z]{6}")
FORM = ("I would like an appointment", "A consultation", "yes", NAME)
STATES = {
    "an open form": FORM,
    "a request that was sent": (*FORM, "By telephone", NUMBER, f"{WORD} Fridays", "Send"),
    "an urgent state": (f"my lips are swelling up and i cant breathe {WORD}",),
    "did you mean": (f"brr {WORD} wibble", f"wibble {WORD} brr"),
}


def forget(say, database, conversation, before):
    """Say what comes before, then ask for the data, then have them deleted; afterwards no row of
    any table holds a word of the patient, or knows their conversation.
    """
    for words in before:
        say(words)
    assert REFERENCE.search(say("what do you hold on me?"))
    assert rows_with(database, *(CANARIES if before else (conversation,)))
    assert "cannot be undone" in say("delete my data")
    assert REFERENCE.search(say("Yes, delete it"))
    settle(database)
    assert rows_with(database, conversation, *CANARIES) == {}


def settle(database):
    """What the bot does some minutes later."""
    engine = open_database(database)
    Orders(engine, CIPHER, lambda: utc_now() + SETTLED + timedelta(seconds=1)).settle()
    engine.dispose()

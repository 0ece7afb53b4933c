"""Whatever can be read can be kept, on both databases: nothing keeps a delivery from its 200."""

import json
import secrets
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.channels.inbox import Inbox
from clinic.channels.whatsapp.intake import Intake
from clinic.channels.whatsapp.patients import Patients
from clinic.channels.whatsapp.payload import read
from clinic.channels.whatsapp.queue import Queue
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from tests.whatsapp.junk import MESSAGES, STATUSES, payload_with
from whatsapp_demo.payloads import Number, Phone

CIPHER = Cipher([DEVELOPMENT_KEY])


def intake_of(engine, content):
    patients, queue = (one(engine, CIPHER, time.time) for one in (Patients, Queue))
    return Intake(engine, Inbox(engine, CIPHER), patients, queue, content.whatsapp)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(MESSAGES, max_size=3),
    after=st.lists(MESSAGES, max_size=3),
    statuses=st.lists(STATUSES, max_size=3),
)
def test_a_good_message_is_kept_whatever_stands_beside_it(
    database, content, before, after, statuses
):
    phone = Phone(wa_id=f"4474{secrets.randbits(40)}", user_id=f"GB.{secrets.randbits(60)}")
    payload = payload_with(phone.text("hello"), before, after, [phone.contact], statuses)
    delivery = read(json.loads(json.dumps(payload)), [Number().id], time.time())
    intake = intake_of(database, content)
    assert intake.take(delivery)
    assert intake.take(delivery) == [], "the same again is nothing new"

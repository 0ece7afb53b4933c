"""What the tests of the website channel share: every route, a refusal, many requests at once."""

import threading
import uuid

SITE = "https://www.clinic.example"
ROUTES = [
    ("GET", "messages", None),
    ("GET", "events", None),
    ("GET", "transcript", None),
    ("POST", "messages", {"id": str(uuid.uuid4()), "text": "hello"}),
    ("POST", "feedback", {"reply": 1, "helpful": True}),
    ("POST", "restart", {}),
    ("POST", "forget", {}),
]


def refusal(answer):
    """The status and the code of an error, which always has a sentence."""
    body = answer.json()
    assert len(body["sentence"].split()) > 3
    return answer.status_code, body["error"]


def together(calls):
    """Make all calls at once; returns what they return, in order."""
    results = [None] * len(calls)

    def call(n):
        results[n] = calls[n]()

    threads = [threading.Thread(target=call, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    return results

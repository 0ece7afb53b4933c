"""Something breaks behind the door: the patient gets a sentence, the log no words of theirs."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from clinic.channels.website import routes
from clinic.channels.website.door import Door
from clinic.channels.website.window import Window
from clinic.desk import desk


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("SELECT", "my secret", "gone"), 503, "unavailable"),
        (RuntimeError("my secret"), 500, "broken"),
    ],
    ids=["database", "anything else"],
)
def test_a_failure_is_a_sentence_and_no_secret(monkeypatch, caplog, content, error, status, code):
    async def fail(window, visit):
        raise error

    monkeypatch.setitem(routes.ROUTES, "config", {"GET": fail})
    request = SimpleNamespace(method="GET", headers={}, ip="127.0.0.1", cookies={})
    answer = asyncio.run(Door(Window(desk(), None)).answer(request, "config"))
    body = json.loads(answer.body)
    assert (answer.status, body["error"]) == (status, code)
    assert content.clinic.telephone in body["sentence"]
    assert caplog.records
    assert "secret" not in caplog.text + str(body)

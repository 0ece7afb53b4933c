"""python -m clinic deliver and requests: real processes, a real database, a real team."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from clinic.booking.outbox import Outbox
from clinic.booking.store import RequestStore
from clinic.settings import PROJECT
from tests.booking import CIPHER, a_request
from tests.databases import opened
from tests.team import SECRET, Desk, Postbox


@pytest.fixture
def place(tmp_path):
    return f"sqlite:///{tmp_path}/clinic.sqlite3"


@pytest.fixture
def engine(place):
    with opened(place) as engine:
        yield engine


@pytest.fixture
def store(engine):
    return RequestStore(engine, CIPHER)


@pytest.fixture
def outbox(engine):
    return Outbox(engine, CIPHER)


@pytest.fixture
def team(tmp_path):
    with Desk() as desk:
        desk.variables = {
            "CLINIC_TEAM_WEBHOOK": desk.address,
            "CLINIC_TEAM_WEBHOOK_SECRET": SECRET,
            "CLINIC_TEAM_WEBHOOK_PRIVATE": "yes",
            "SSL_CERT_FILE": desk.trusted(tmp_path),
        }
        yield desk


def command(place, *arguments, **variables):
    environ = {**os.environ, "CLINIC_DATABASE": place, "COLUMNS": "200", **variables}
    return [sys.executable, "-m", "clinic", *arguments], {
        "cwd": PROJECT,
        "env": {**environ, "COLUMNS": "200"},
    }


def delivering(place, **variables):
    line, where = command(place, "deliver", **variables)
    return subprocess.Popen(line, **where, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)


def run(place, *arguments):
    line, where = command(place, *arguments)
    return subprocess.run(line, **where, capture_output=True, text=True, timeout=60, check=False)


def wait_for(what, seconds=40):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def ended(process):
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=30)
    return error.decode()


def test_two_deliveries_bring_each_note_once_and_log_no_patient(place, store, outbox, team):
    sent = [store.send(f"key {n}", a_request(times=f"Friday {n}")).reference for n in range(20)]
    team.answers += ["cut before", 500]
    both = [delivering(place, **team.variables) for _ in range(2)]
    try:
        wait_for(lambda: not outbox.figures().waiting)
    finally:
        said = "".join(ended(one) for one in both)
    assert set(team.references) == set(sent)
    identities = [identity for identity, _ in team.got]
    # One answer was an error after the note had been read; it came again with the same id.
    assert len(set(identities)) == 20
    assert len(identities) <= 21
    for secret in ("Priya", "07400", "Friday"):
        assert secret not in said


def test_killed_delivery_loses_nothing(place, store, outbox, team):
    store.send("key", a_request())
    team.answers.append("slow")
    first = delivering(place, **team.variables)
    wait_for(lambda: team.got)
    first.kill()
    first.communicate()
    assert outbox.figures().waiting == 1
    # What a dead process held is free after the lease; the clock of this one is far ahead.
    later = Outbox(outbox.engine, CIPHER, lambda: outbox.now().replace(year=2040))
    note = later.claim(("webhook",))
    assert note.first == team.got[0][0]


def test_webhook_that_is_gone_hands_over_to_e_mail(place, store, outbox, team):
    store.send("key", a_request())
    team.answers.append(410)
    with Postbox() as post:
        mail = {"CLINIC_TEAM_MAIL": post.address, "CLINIC_TEAM_MAIL_TO": "desk@a.uk"}
        process = delivering(place, **team.variables, **mail, CLINIC_TEAM_MAIL_FROM="bot@a.uk")
        try:
            wait_for(lambda: post.got)
            wait_for(lambda: not outbox.figures().waiting)
        finally:
            said = ended(process)
    assert "is gone: mend its setting" in said
    assert outbox.figures().dead == 0


def test_without_a_way_requests_wait_and_one_line_says_so(place, store, outbox):
    store.send("key", a_request())
    process = delivering(place)
    time.sleep(4)
    assert "no way to the team is set" in ended(process)
    assert outbox.figures().waiting == 1


def test_staff_list_show_mark_and_send_again(place, store, outbox):
    reference = store.send("key", a_request(name='=HYPERLINK("x")', times="[red]Friday")).reference
    listed = run(place, "requests", "list")
    assert reference in listed.stdout
    assert "'=HYPERLINK" in listed.stdout.replace("\n", "")
    shown = json.loads(run(place, "requests", "show", reference.lower(), "--json").stdout)
    assert (shown["name"], shown["times"]) == ('=HYPERLINK("x")', "[red]Friday")
    assert shown["notes"][0]["state"] == "waiting"
    assert "[red]Friday" in run(place, "requests", "show", reference).stdout
    for word, state in (("called-back", "called back"), ("closed", "closed")):
        assert run(place, "requests", word, reference).stdout == f"{reference} is {state}\n"
    run(place, "requests", "confirm", reference, "2026-12-04 10:30")
    kept = store.find(reference)
    assert kept.about["confirmed_for"] == "2026-12-04T10:30:00+00:00"
    listed = json.loads(run(place, "requests", "list", "--state", "confirmed", "--json").stdout)
    assert [one["reference"] for one in listed["requests"]] == [reference]
    assert listed["outbox"]["waiting"] == 2


def test_staff_send_a_delivered_note_again(place, store, outbox):
    reference = store.send("key", a_request()).reference
    outbox.done(outbox.claim(("webhook",)))
    assert run(place, "requests", "again", reference).stdout == f"{reference} is due again\n"
    assert outbox.figures().waiting == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "KC-000000"), "there is no request KC-000000"),
        (("confirm", "KC-000000", "tomorrow"), "'tomorrow' is no time: write it as"),
    ],
)
def test_what_staff_get_wrong_is_one_line(place, engine, arguments, says):
    done = run(place, "requests", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1

"""clinic.conversations.shared_locks: three processes on one PostgreSQL, one turn at a time."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text

from clinic.conversations.shared_locks import SharedLocks, key_of
from clinic.settings import PROJECT
from tests.databases import fresh_postgresql, opened, postgresql_server

# Starts so many turns of one conversation at the same moment, and writes when each begins and ends.
PROCESS = """
import asyncio, os, sys, time
from clinic.conversations.lock_store import InOrderLockStore
who, starts, path, at = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
store = InOrderLockStore(None)
out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

async def turn(n):
    async with store.lock("web-ann"):
        os.write(out, f"{who} {n} begins\\n".encode())
        await asyncio.sleep(0.001)
        os.write(out, f"{who} {n} ends\\n".encode())

async def all_turns():
    print("ready", flush=True)
    while not os.path.exists(at):
        await asyncio.sleep(0.01)
    await asyncio.gather(*(turn(n) for n in range(starts)))

asyncio.run(all_turns())
"""


@pytest.fixture(scope="module")
def address():
    # Not below pytest's folder: PostgreSQL runs as another account where the tests run as root.
    with TemporaryDirectory() as folder, postgresql_server(folder) as server:
        yield fresh_postgresql(server)


@pytest.fixture
def engine(address):
    with opened(address) as engine:
        yield engine


def start(address, *arguments):
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROCESS, *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "CLINIC_DATABASE": address, "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
    )


def test_300_simultaneous_starts_of_three_processes_do_not_overlap(address, tmp_path):
    log, signal = tmp_path / "log", tmp_path / "go"
    processes = [start(address, who, 100, log, signal) for who in "abc"]
    for process in processes:
        assert process.stdout.readline() == b"ready\n"
    signal.touch()
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    lines = [line.split() for line in log.read_text().splitlines()]
    begins, ends = lines[::2], lines[1::2]
    assert len(begins) == 300
    assert [(who, n) for who, n, _ in begins] == [(who, n) for who, n, _ in ends]
    assert {what for _, _, what in begins} == {"begins"}
    # In order within a process, and no process waits until another has done all of its own.
    for who in "abc":
        assert [int(n) for w, n, _ in begins if w == who] == list(range(100))
    middle = Counter(who for who, _, _ in begins[100:200])
    assert min(middle[who] for who in "abc") >= 15, middle


def test_lock_of_a_process_that_dies_is_free_at_once(engine):
    mine, other = SharedLocks(engine), SharedLocks(engine)

    async def die_and_go_on():
        async with mine.hold("web-ann"):
            waiting = asyncio.create_task(held(other))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            with engine.connect() as connection:
                connection.execute(text(TERMINATE), {"key": key_of("web-ann")})
            await asyncio.wait_for(waiting, 10)

    asyncio.run(die_and_go_on())


# What a killed process looks like to PostgreSQL: the connection that holds the lock is gone.
TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32) + objid::bigint = :key
"""


async def held(locks, who="web-ann"):
    async with locks.hold(who):
        return True


def test_after_the_backends_were_terminated_locks_are_taken_again(engine):
    locks = SharedLocks(engine)
    assert asyncio.run(held(locks))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != "
                "pg_backend_pid() AND datname = current_database()"
            )
        )
    assert asyncio.run(held(locks))


def test_patient_who_gave_up_waiting_leaves_no_lock_behind(engine):
    mine, other = SharedLocks(engine), SharedLocks(engine)

    async def give_up():
        async with mine.hold("web-ann"):
            waiting = asyncio.create_task(held(other))
            await asyncio.sleep(0.3)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        assert await asyncio.wait_for(held(mine), 10)
        assert await asyncio.wait_for(held(other), 10)

    asyncio.run(give_up())

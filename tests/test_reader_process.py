"""clinic.reader_process and clinic.nlu.reader_worker: a process that reads for another."""

import asyncio
import signal

import pytest

from clinic import reader_process
from clinic.before_start import MODEL
from clinic.errors import ReaderError
from clinic.reader_process import ReaderProcess
from evaluation.model_alone import trained_reader

TEXTS = ["what are milia", "does freezing hurt and will it scar", "", "a\nb", "ü 🙂", "x" * 5000]


def use(steps, model=MODEL):
    """Run steps with a process that reads; returns what they return."""

    async def run():
        process = ReaderProcess(model)
        try:
            return await steps(process)
        finally:
            process.worker.end()

    return asyncio.run(run())


def test_readings_are_those_of_the_reader_in_the_order_of_the_texts():
    async def read_all(process):
        return await asyncio.gather(*map(process.read, TEXTS))

    for text, reading in zip(TEXTS, use(read_all), strict=True):
        mine = trained_reader().read(text).as_dict()
        assert reading["questions"] == mine["questions"]
        assert reading["intent"]["name"] == mine["intent"]["name"]
        assert reading["intent"]["confidence"] == pytest.approx(mine["intent"]["confidence"])


def test_patient_who_goes_away_takes_no_reading_from_the_next():
    async def one_goes(process):
        await process.read("")
        goes = asyncio.ensure_future(process.read("what are milia"))
        stays = asyncio.ensure_future(process.read("does it hurt"))
        await asyncio.sleep(0)
        goes.cancel()
        return await stays

    assert use(one_goes)["intent"]["name"] == "pain"


def test_messages_that_wait_when_it_is_killed_are_read_by_the_next():
    async def killed(process):
        await process.read("")
        first = process.worker.process
        first.send_signal(signal.SIGSTOP)
        waiting = [asyncio.ensure_future(process.read("does it hurt")) for _ in range(3)]
        await asyncio.sleep(0.1)
        first.kill()
        return await asyncio.gather(*waiting)

    assert [reading["intent"]["name"] for reading in use(killed)] == ["pain"] * 3


def test_one_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(reader_process, "HANGS", 0.5)

    async def hangs(process):
        await process.read("")
        first = process.worker.process
        first.send_signal(signal.SIGSTOP)
        reading = await process.read("does it hurt")
        return first.poll(), reading

    status, reading = use(hangs)
    assert status == -signal.SIGKILL
    assert reading["intent"]["name"] == "pain"


def test_model_that_is_damaged_is_an_error_and_not_a_wait_without_end(tmp_path):
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"not a model")
    with pytest.raises(ReaderError):
        use(lambda process: process.read("does it hurt"), broken)

"""clinic.logs: whatever fails, and however it is logged, nothing that a patient wrote is shown."""

import subprocess
import sys
import textwrap

import pytest

from clinic.settings import PROJECT

SECRET = "canary-Zebedee-07400-123456"

BEGIN = """
import asyncio, logging, sys, threading, traceback, warnings
from clinic.logs import Shown, install, kind, place
install()
logging.basicConfig(stream=sys.stdout, level=logging.DEBUG)
log = logging.getLogger("clinic.test")
said = "canary-Zebedee-07400-123456"
class Kept(Exception):
    pass
def fail():
    said_here = said
    raise Kept(f"cannot keep {said}")
"""


def run(code):
    """Everything that a process writes that runs some code with private logs."""
    inside = textwrap.indent(textwrap.dedent(code), "    ")
    done = subprocess.run(
        [sys.executable, "-c", f"{BEGIN}def main():\n{inside}\nmain()"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


LEAKS = {
    "value of a text": 'log.error("cannot keep %s", said)',
    "values by name": 'log.error("cannot keep %(what)s", {"what": said})',
    "list": 'log.error("cannot keep %r", [said])',
    "put together": 'log.error(f"cannot keep {said}")',
    "added": 'log.error("cannot keep " + said)',
    "formatted": 'log.error("cannot keep {}".format(said))',
    "no text": "log.error(Kept(said))",
    "wrong form": 'log.error("cannot keep %d", said)',
    "too many values": 'log.error("cannot keep", said)',
    "bytes": 'log.error("cannot keep %s", said.encode())',
    "extra": 'log.error("cannot keep", extra={"said": said})',
    "info": "log.info(said)",
    "debug": "log.debug(said)",
    "root": "logging.error(said)",
    "library": 'logging.getLogger("aiohttp.server").error("Error: %s", said)',
    "exception": """
        try:
            fail()
        except Kept:
            log.exception("a turn failed")
    """,
    "exception with a cause": """
        try:
            try:
                fail()
            except Kept as error:
                raise RuntimeError(said) from error
        except RuntimeError:
            log.exception("a turn failed", stack_info=True)
    """,
    "uncaught": "fail()",
    "uncaught in a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "uncaught in a task": """
        async def wait():
            task = asyncio.ensure_future(asyncio.to_thread(fail))
            await asyncio.sleep(0.2)
        asyncio.run(wait())
    """,
    "uncaught in a callback": """
        async def wait():
            asyncio.get_running_loop().call_soon(fail)
            await asyncio.sleep(0.1)
        asyncio.run(wait())
    """,
    "uncaught in a destructor": """
        class Part:
            def __del__(self):
                fail()
        Part()
    """,
    "printed traceback": """
        try:
            fail()
        except Kept as error:
            traceback.print_exc()
            traceback.print_exception(error)
            traceback.print_exception(*sys.exc_info())
            traceback.print_stack()
            log.error(traceback.format_exc())
    """,
    "warning": "warnings.warn(said)",
    "warning as Rasa words it": """
        from rasa.shared.utils.io import raise_warning
        raise_warning(f"Failed to parse arguments in line '{said}'", docs=said)
    """,
    "structlog before it is set up": """
        import structlog
        structlog.get_logger().error("rest.message.received.failure", text=said)
    """,
    "structlog as Rasa sets it up": """
        import structlog
        from rasa.utils.log_utils import configure_structlog
        configure_structlog(logging.DEBUG)
        logger = structlog.get_logger("rasa.core")
        logger.error("rest.message.received.failure", text=said)
        logger.error(said, event_info=said)
        try:
            fail()
        except Kept:
            logger.exception("rest.message.received.failure", text=said)
    """,
    "colours as Rasa sets them up": """
        from rasa.utils.io import configure_colored_logging
        configure_colored_logging(logging.DEBUG)
        log.error("cannot keep %s", said)
    """,
    "Sanic": """
        from sanic.log import access_logger, error_logger, logger
        for one in (access_logger, error_logger, logger):
            one.error("Exception occurred while handling uri: %s", said, exc_info=Kept(said))
    """,
}


@pytest.mark.parametrize("code", LEAKS.values(), ids=LEAKS)
def test_nothing_that_was_said_is_shown(code):
    output = run(code)
    for part in ("canary", "Zebedee", "07400", "123456"):
        assert part not in output, output


SHOWN = {
    "own sentence": ('log.error("a turn failed")', "a turn failed"),
    "share": ('log.error("100% failed")', "100% failed"),
    "number": ('log.error("%d of %s notes failed", 3, 5)', "3 of 5 notes failed"),
    "reference": ('log.error("%s was not sent", "KC-7F4Q2M")', "KC-7F4Q2M was not sent"),
    "kind of error": ('log.error("failed: %s", "KeyError")', "failed: KeyError"),
    "action": ('log.error("%s failed", "action_answer_question")', "action_answer_question failed"),
    "vouched for": ('log.error("channel %s", Shown("website"))', "channel website"),
    "hidden value": ('log.error("channel %s is shut", said)', "channel … is shut"),
    "hidden text": ('log.error(f"cannot {said}")', "… at <string>:14"),
    "error and place": (
        """
        try:
            fail()
        except Kept as error:
            log.error("failed: %s at %s", kind(error), place(error))
        """,
        "failed: Kept at <string>:12",
    ),
    "exception": (
        """
        try:
            fail()
        except Kept:
            log.exception("a turn failed")
        """,
        "a turn failed: Kept at <string>:12",
    ),
    "what led to it": (
        """
        try:
            fail()
        except Kept:
            {}["x"]
        """,
        "KeyError at <string>:18 after Kept at <string>:12",
    ),
    "our own words": (
        """
        from clinic.errors import StartError
        raise StartError("port 5055 is in use")
        """,
        "StartError at <string>:16 (port 5055 is in use)",
    ),
    "event of Rasa": (
        """
        import structlog
        from rasa.utils.log_utils import configure_structlog
        configure_structlog(logging.DEBUG)
        try:
            fail()
        except Kept:
            structlog.get_logger("rasa").exception("rest.message.received.failure", text=said)
        """,
        "rest.message.received.failure: Kept",
    ),
}


@pytest.mark.parametrize(("code", "shown"), SHOWN.values(), ids=SHOWN)
def test_what_went_wrong_and_where_is_shown(code, shown):
    assert shown in run(code)

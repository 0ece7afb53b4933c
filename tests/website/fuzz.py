"""Thousands of made-up requests against the website channel of a running bot, by its description:
`make fuzz-api` runs it.
"""

import os
import subprocess
import sys

from clinic.settings import PROJECT
from evaluation.bot import running_bot
from evaluation.window import Window
from tests.website.asking import SITE

PROGRAM = PROJECT / ".tools" / "schemathesis" / "bin" / "schemathesis"
# A stream of events goes on for minutes; the others end the session that all requests share.
LATER = ("/events", "/restart", "/forget")
EXAMPLES = os.environ.get("EXAMPLES", "60")


def fuzz(window: Window, *options: str) -> int:
    """One run with the session of a window; returns the exit status."""
    command = [str(PROGRAM), "run", str(PROJECT / "docs" / "chat-api.yml")]
    command += ["--url", f"{window.address}/chat", "--rate-limit", "15/s", "--checks", "all"]
    # Whether a message is taken depends on what the session was offered, which a description cannot
    # say. All requests carry the right token, so the check of wrong ones would find it accepted.
    command += ["--exclude-checks", "positive_data_acceptance,ignored_auth"]
    command += ["--header", f"Origin: {SITE}", "--header", f"Authorization: Bearer {window.token}"]
    command += ["--max-examples", EXAMPLES, "--continue-on-failure", "--request-timeout", "60"]
    return subprocess.run([*command, *options], cwd=PROJECT / "var", check=False).returncode


def main() -> int:
    """Fuzz everything but the streams, then what ends a session."""
    os.environ["CLINIC_WEBSITE_ORIGINS"] = SITE
    (PROJECT / "var").mkdir(exist_ok=True)
    with running_bot() as bot:
        window = Window(bot.address, origin=SITE)
        window.open()
        window.say("does freezing hurt")
        first = [part for path in LATER for part in ("--exclude-path", path)]
        ending = ("--include-path", "/restart", "--include-path", "/forget")
        return fuzz(window, *first) or fuzz(window, *ending)


if __name__ == "__main__":
    sys.exit(main())

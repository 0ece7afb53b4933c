"""Start the parts of the bot, say when they are ready, restart one that dies, end all together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import FrameType

from clinic.before_start import MODEL, check
from clinic.errors import StartError
from clinic.privacy.keeping import start_keeping
from clinic.quiet import pass_on
from clinic.settings import PROJECT, Settings

# Seconds that a part may take to answer: Rasa imports TensorFlow first, slowly on a cold disk.
START_LIMIT = 180
# Seconds that the parts may take to find each other once all are up.
WHOLE_LIMIT = 30
# Seconds between looks at the parts, and before a part that died is started again.
LOOK, RESTART = 0.3, 1.0
# Seconds that a part may take to end by itself: Rasa finishes its turns in 15 s.
END_LIMIT = 18
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    # Rasa's own database migration warning and the like are for its developers.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_HOST": "127.0.0.1",
    # It is never shown, and made for each request.
    "SANIC_ACCESS_LOG": "false",
}
# A message's small products of matrices are slower on several threads, which wait for each other.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


# Set once the bot is told to end.
ENDING = threading.Event()


@dataclass(frozen=True)
class Part:
    """A part of the bot: its name and how to start it; a server's port, an address that answers
    when it is up, the variable that names the port, and an address that answers 200 when all it
    needs is there.
    """

    name: str
    command: tuple[str, ...]
    port: int = 0
    ready: str = ""
    variable: str = ""
    whole: str = ""


def parts(settings: Settings) -> list[Part]:
    """The action server, the Rasa server and the delivery of requests to the team."""
    rasa, actions = settings.rasa_port, settings.actions_port
    credentials = {"development": "credentials.yml", "production": "credentials-production.yml"}[
        settings.profile
    ]
    return [
        Part(
            "action server",
            _python("rasa_sdk", "--actions", "actions", "--port", str(actions), "--quiet"),
            actions,
            f"http://127.0.0.1:{actions}/health",
            "CLINIC_ACTIONS_PORT",
        ),
        Part(
            "Rasa server",
            _python(
                "rasa", "run", "--interface", settings.interface, "--port", str(rasa), "--quiet"
            )
            + ("--model", str(MODEL), "--endpoints", "endpoints.yml", "--credentials", credentials),
            rasa,
            f"http://127.0.0.1:{rasa}/",
            "CLINIC_RASA_PORT",
            f"http://127.0.0.1:{rasa}/readyz",
        ),
        Part("delivery", (sys.executable, "-m", "clinic", "deliver")),
    ]


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "clinic.part", module, *arguments)


def serve(settings: Settings) -> int:
    """Run the bot until Ctrl-C or SIGTERM; raises StartError when a part cannot start."""
    started = time.monotonic()
    check(settings)
    mine = parts(settings)
    for part in mine:
        refuse_used_port(part)
    end_on_signals()
    running: dict[Part, subprocess.Popen[bytes]] = {}
    try:
        print(f"Starting {', '.join(part.name for part in mine)} ...", flush=True)
        for part in mine:
            running[part] = start(part, settings)
        for part, process in running.items():
            wait_until_ready(part, process)
        wait_until_whole(mine)
        _say_ready(settings, time.monotonic() - started)
        start_keeping(settings)
        while not ENDING.wait(LOOK):
            _restart_the_dead(running, settings)
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        print("\nEnding ...", flush=True)
        return 0
    finally:
        end(list(running.values()))


def shell(settings: Settings) -> int:
    """`rasa shell` with an action server of its own, on free ports, so that it can run beside `make
    run`.
    """
    check(settings)
    settings = replace(settings, rasa_port=free_port(), actions_port=free_port())
    actions = parts(settings)[0]
    end_on_signals()
    process = start(actions, settings)
    try:
        wait_until_ready(actions, process)
        command = [*_python("rasa", "shell", "--quiet", "--model", str(MODEL))]
        command += ["--endpoints", "endpoints.yml", "--port", str(settings.rasa_port)]
        talk = subprocess.Popen(
            command, cwd=PROJECT, env=environment(settings), stderr=subprocess.PIPE
        )
        pass_on(talk)
        return talk.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        end([process])


def refuse_used_port(part: Part) -> None:
    """Raises StartError when another program listens on the part's port."""
    if not part.port:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", part.port))
        except OSError:
            what = f"port {part.port} is in use, so the {part.name} cannot start"
            raise StartError(
                f"{what}: end the program that uses it, or set {part.variable}"
            ) from None


def free_port() -> int:
    """A port that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings) -> dict[str, str]:
    """What the parts see of the environment."""
    ours = {
        "CLINIC_CONTENT": str(settings.content_folder),
        "CLINIC_DATABASE": settings.database,
        "CLINIC_KEY": ",".join(settings.keys),
        "CLINIC_WEBSITE_ORIGINS": ",".join(settings.website_origins),
        "CLINIC_PROXIES": str(settings.proxies),
        "CLINIC_INTERFACE": settings.interface,
        "CLINIC_RASA_PORT": str(settings.rasa_port),
        "CLINIC_ACTIONS_PORT": str(settings.actions_port),
        "CLINIC_KEEP_TRANSCRIPTS": str(settings.keep_transcripts),
        "CLINIC_KEEP_DRAFTS": str(settings.keep_drafts),
        "CLINIC_KEEP_REQUESTS": str(settings.keep_requests),
        **settings.team.environment(),
        **(settings.whatsapp.environment() if settings.whatsapp else {}),
    }
    return {**os.environ, **QUIET, **ours}


def start(part: Part, settings: Settings) -> "subprocess.Popen[bytes]":
    """Start a part in a group of its own: Ctrl-C reaches this process alone, which ends the parts
    in order.
    """
    process = subprocess.Popen(
        part.command,
        cwd=PROJECT,
        env={**environment(settings), **ONE_THREAD},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    pass_on(process)
    return process


def wait_until_ready(part: Part, process: "subprocess.Popen[bytes]") -> None:
    """Raises StartError when the part ends, or does not answer in time."""
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if process.poll() is not None:
            raise StartError(
                f"the {part.name} ended while starting (status {process.returncode}); see above"
            )
        if not part.ready or answers(part.ready):
            return
        time.sleep(LOOK)
    raise StartError(f"the {part.name} did not answer within {START_LIMIT} s")


def wait_until_whole(mine: Sequence[Part]) -> None:
    """Raises StartError when a part is up and still lacks something: it would answer every patient
    with the apology.
    """
    until = time.monotonic() + WHOLE_LIMIT
    for part in mine:
        while part.whole and (status := status_of(part.whole)) != 200:
            if time.monotonic() > until:
                what = f"the {part.name} is up but cannot take a turn (status {status})"
                raise StartError(f"{what}: see the lines above; mostly the model: make train")
            time.sleep(LOOK)


def answers(address: str) -> bool:
    """Whether a server answers at all at an address of this machine."""
    return status_of(address) is not None


def status_of(address: str) -> int | None:
    """The HTTP status of an address of this machine; None where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """End the parts: a request first, then by force."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + END_LIMIT
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            # Each part leads a group of its own: what it started goes with it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _restart_the_dead(running: dict[Part, "subprocess.Popen[bytes]"], settings: Settings) -> None:
    for part, process in running.items():
        if process.poll() is not None:
            print(
                f"The {part.name} ended (status {process.returncode}); starting it again.",
                flush=True,
            )
            time.sleep(RESTART)
            running[part] = start(part, settings)


def _say_ready(settings: Settings, seconds: float) -> None:
    address = f"http://127.0.0.1:{settings.rasa_port}"
    door = f"{address}/example/" if settings.profile == "development" else f"{address}/chat"
    print(
        f"Ready in {seconds:.0f} s: {door} (Ctrl-C ends it; `make shell` talks to the bot)",
        flush=True,
    )


def end_on_signals() -> None:
    """A request to end, and a closed terminal, end all parts as Ctrl-C does."""
    ENDING.clear()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _end)


def _end(number: int, frame: FrameType | None) -> None:
    # Python loses an exception that is raised while it tidies up an object; not what is set here.
    ENDING.set()
    raise KeyboardInterrupt

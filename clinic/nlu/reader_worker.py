"""Reads messages in a process of its own: a line with a text comes in, a line with its reading goes
out.

clinic.reader_process starts it: `python -m clinic.part clinic.nlu.reader_worker MODEL FD`. It
ends when the process at the other end of the socket FD is gone.
"""

import json
import signal
import socket
import sys
import tarfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Optional

from clinic.content_files import load_content
from clinic.settings import Settings

if TYPE_CHECKING:
    from clinic.nlu.reading import Reader

# Messages read at once: while the encoder works for one, another is read.
AT_ONCE = 2
# Where a model keeps the trained parts of the reader.
COMPONENT = "components/train_clinic.nlu.questions.Questions"


def load_reader(model: Path) -> "Reader":
    """The reader of a trained model; raises OSError or TarError when it is damaged."""
    from clinic.nlu.reading import Reader

    content = load_content(Settings.from_environment().content_folder)
    with TemporaryDirectory() as folder, tarfile.open(model) as archive:
        files = [file for file in archive.getmembers() if file.name.startswith(COMPONENT)]
        archive.extractall(folder, files, filter="data")
        [trained] = Path(folder).glob(f"{COMPONENT}*")
        return Reader.load(trained, content)


def answer(reader: "Reader", peer: socket.socket) -> None:
    """Read texts, until the other end is gone; what was read goes out in the order of the texts."""
    begun: SimpleQueue[Optional[Future[bytes]]] = SimpleQueue()
    with peer, ThreadPoolExecutor(AT_ONCE) as pool, suppress(ConnectionError):
        Thread(target=_begin, args=(reader, peer, pool, begun), daemon=True).start()
        while reading := begun.get():
            peer.sendall(reading.result())


def _begin(
    reader: "Reader",
    peer: socket.socket,
    pool: ThreadPoolExecutor,
    begun: "SimpleQueue[Optional[Future[bytes]]]",
) -> None:
    with suppress(ConnectionError), peer.makefile("rb") as texts:
        for text in texts:
            begun.put(pool.submit(_read, reader, text))
    begun.put(None)


def _read(reader: "Reader", text: bytes) -> bytes:
    return json.dumps(reader.read(json.loads(text)).as_dict()).encode() + b"\n"


if __name__ == "__main__":
    # It ends with the Rasa server, which finishes its turns first.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    answer(load_reader(Path(sys.argv[1])), socket.socket(fileno=int(sys.argv[2])))

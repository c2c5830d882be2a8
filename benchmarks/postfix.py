"""A real Postfix delivers an alert to a mailbox, and a bounce from it suspends the other address.

    sudo python benchmarks/postfix.py [PYTHON]

PYTHON is an interpreter that user nobody may run, if this one is not. Needs root and Debian's
postfix package; its own service need not run. Postfix gets a configuration and a queue of its own
in a temporary folder, listens on loopback only, knows one domain, and can send nothing out. One
address takes mail, another is accepted and then found to be missing; what comes back is piped
into `tracker bounce`, as docs/operating.md describes.
Ends with 1 if the mail does not arrive, or the address that does not exist stays in use.
"""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mail.conftest import BASE, World
from tests.parts.clock import Clock
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.mail import templates_folder
from tracker.pipeline.alert import send_due
from tracker.store import migrate
from tracker.store.database import Database

DOMAIN = "drill.example"
USER = "nobody"
PATIENCE = 120
ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.argv[1] if sys.argv[1:] and sys.argv[1] != "--send" else sys.executable
PATH = ":".join((str(ROOT), *(path for path in sys.path if path.endswith("-packages"))))

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.{domain}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
recipient_delimiter = +
default_transport = error:5.4.0 nothing leaves this drill
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = texthash:{folder}/transport
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
missing unix - n n - 1 pipe user={user} argv={folder}/own/no-such-user
postlog unix-dgram n - n - 1 postlogd
tracker unix - n n - 1 pipe
  flags=R user={user} argv=/usr/bin/env PYTHONPATH={path}
  {python} -m tracker --config {folder}/own/config.toml bounce --recipient ${{original_recipient}}
"""

CONFIG = """\
[database]
url = "sqlite:///{folder}/own/drill.db"
[mail]
bounces = "bounces@{domain}"
"""


def main() -> int:
    """Run the drill, or the part of it that sends."""
    if sys.argv[1:2] == ["--send"]:
        return send(sys.argv[2], int(sys.argv[3]))
    if os.geteuid() != 0 or shutil.which("postfix") is None:
        print("needs root and the postfix package", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        return drill(Path(name))


def drill(folder: Path) -> int:
    """Start Postfix, send, wait for what comes of it, stop Postfix."""
    port = _prepare(folder)
    url = f"sqlite:///{folder}/own/drill.db"
    own = [PYTHON, __file__, "--send", url, str(port)]
    # the arguments are our own
    subprocess.run(["postfix", "-c", str(folder / "etc"), "start"], check=True, capture_output=True)
    try:
        subprocess.run(own, check=True, user=USER, cwd=ROOT, env={**os.environ, "PYTHONPATH": PATH})
        found = _wait(folder, Database(url))
    finally:
        subprocess.run(["postfix", "-c", str(folder / "etc"), "abort"], capture_output=True)
    print(json.dumps(found, indent=1))
    if not found["right"]:
        print((folder / "log").read_text(), file=sys.stderr)
    return 0 if found["right"] else 1


def send(url: str, port: int) -> int:
    """Two readers follow everything; only one of them exists."""
    database = Database(url)
    migrate.upgrade(database)
    clock = Clock()
    world = World(database, clock)
    world.fill()
    for name in ("ana", "gone"):
        world.follow(f"{name}@{DOMAIN}")
    world.owe()
    letters = Letters(f"Stance Tracker <alerts@{DOMAIN}>", BASE, templates_folder(), clock)
    server = MailServer("127.0.0.1", port, starttls=False)
    sent = send_due(database, EmailNotify(server, letters, bounces=f"bounces@{DOMAIN}"), clock)
    database.close()
    return 0 if sent.sent == 2 else 1


def _prepare(folder: Path) -> int:
    owner = pwd.getpwnam(USER)
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "boxes", "own"):
        (folder / name).mkdir()
    for name in ("boxes", "own"):
        os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    shutil.chown(folder / "data", "postfix")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    values = {
        **{"folder": folder, "domain": DOMAIN, "user": USER, "port": port},
        **{"uid": owner.pw_uid, "gid": owner.pw_gid},
        **{"python": PYTHON, "path": PATH},
    }
    (folder / "etc" / "main.cf").write_text(MAIN.format(**values))
    (folder / "etc" / "master.cf").write_text(MASTER.format(**values))
    (folder / "own" / "config.toml").write_text(CONFIG.format(**values))
    nobody = folder / "own" / "no-such-user"
    nobody.write_text(f"#!/bin/sh\nexit {os.EX_NOUSER}\n")
    nobody.chmod(0o755)
    boxes = "".join(f"{name}@{DOMAIN} {name}/\n" for name in ("ana", "gone", "bounces"))
    (folder / "mailboxes").write_text(boxes)
    (folder / "transport").write_text(f"gone@{DOMAIN} missing:\nbounces@{DOMAIN} tracker:\n")
    return port


def _wait(folder: Path, database: Database) -> dict[str, object]:
    """Look until the mail is there and the address is suspended, or patience ends."""
    world = World(database, Clock())
    end = time.monotonic() + PATIENCE
    while True:
        arrived = [file.read_text() for file in folder.glob("boxes/ana/new/*")]
        gone = world.subscriber(f"gone@{DOMAIN}")
        if (arrived and gone.state == "suspended") or time.monotonic() > end:
            break
        time.sleep(0.5)
    ana = world.subscriber(f"ana@{DOMAIN}")
    return {
        "arrived": len(arrived),
        "return path": arrived[0].splitlines()[0] if arrived else None,
        "the other address": gone.state,
        "why": gone.suspended_why,
        "alerts": world.states(),
        "right": len(arrived) == 1 and (ana.state, gone.state) == ("active", "suspended"),
    }


if __name__ == "__main__":
    sys.exit(main())

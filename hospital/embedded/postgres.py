"""A private PostgreSQL from a wheel, on loopback, with the hospital's three roles."""

import shutil
import signal
import time
from pathlib import Path

from hospital.embedded.account import account_for, folder_for, programs
from hospital.embedded.child import Child, finish
from hospital.embedded.cluster import (
    SUPERUSER,
    free_of_killed_server,
    make_cluster,
    plain_environment,
)
from hospital.embedded.console import Stop
from hospital.embedded.keys import database_passwords
from hospital.embedded.letting_in import Refusal, let_in
from hospital.embedded.network import free_port
from hospital.embedded.place import Place

PACKAGE = Path(__file__).parent
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_checkpoints": "off",
}
NOTHING_IS_KEPT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SECONDS_TO_RECOVER = 180


class Postgres:
    """One cluster in one place. `durable=False` is for tests: fast, and lost with the power."""

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.durable = durable
        self.passwords = database_passwords(place)
        self.account = account_for(place.data)
        self.programs = programs(self.account)
        self.folder = folder_for(place.data, self.account)
        self.data = self.folder / "pgdata"
        self.port = free_port()
        self.server = Child(
            name="PostgreSQL",
            command=[],
            log=place.log("postgres"),
            env=plain_environment(),
            account=self.account,
            stop_with=signal.SIGINT,  # "fast": roll back, write out, leave
            at_death=signal.SIGINT,
            before=lambda: free_of_killed_server(self.programs, self.data, self.account),
        )

    def url(self, who: str, database: str = "hospital") -> str:
        user = SUPERUSER if who == "superuser" else f"hospital_{who}"
        return f"postgresql://{user}:{self.passwords[who]}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        if not self.data.exists():
            make_cluster(
                self.programs,
                self.data,
                password=self.passwords["superuser"],
                account=self.account,
                durable=self.durable,
            )
        for attempt in range(5):
            self.server.command = self._command()
            self.server.start()
            if self._is_up():
                return
            # Another program took the port, or sessions of a killed server still hold its memory.
            time.sleep(0.3 * (attempt + 1))
            self.port = free_port()
        raise Stop(f"PostgreSQL 无法启动 cannot start:\n{self.server.last_words()}")

    def make_roles(self) -> None:
        """Roles, database and grants, as in production; see `roles.sql`."""
        given = {f"{who.upper()}_PASSWORD": password for who, password in self.passwords.items()}
        self._psql("postgres", "--file", str(PACKAGE / "roles.sql"), env=given)

    def open_to_tests(self) -> None:
        """New databases get the grants, and a test may look at the trail as the auditor."""
        self._psql("template1", "--file", str(PACKAGE / "grants.sql"))
        become = "GRANT hospital_auditor TO hospital_runtime WITH INHERIT FALSE, SET TRUE"
        self._psql("postgres", "--command", become)

    def forget(self) -> None:
        """Remove the data of a test, wherever it was put."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self) -> list[str | Path]:
        settings = SETTINGS if self.durable else SETTINGS | NOTHING_IS_KEPT
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.programs / "postgres", "-D", self.data, f"--port={self.port}", *options]

    def _psql(self, database: str, *arguments: str, env: dict[str, str] | None = None) -> None:
        connection = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.passwords["superuser"],
            "PGDATABASE": database,
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", *arguments]
        finish(
            [self.programs / "psql", *options], env=plain_environment() | connection | (env or {})
        )

    def _is_up(self) -> bool:
        """Wait for the first connection, or for the server's end; recovery may take its time."""
        until = time.monotonic() + SECONDS_TO_RECOVER
        while self.server.is_alive() and time.monotonic() < until:
            try:
                let_in(self.url("superuser", "postgres"))
            except Refusal as refusal:
                if "password authentication failed" in str(refusal):
                    raise Stop(
                        "密码文件与数据库不符，请从备份恢复 secrets/database.json 。"
                        " The passwords do not fit the data: restore secrets/database.json."
                    ) from refusal
                time.sleep(0.05)
            else:
                return True
        return False

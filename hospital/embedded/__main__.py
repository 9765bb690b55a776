"""`python -m hospital.embedded run|manage|test|bench|check`, which is what `bin/` calls."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from hospital.embedded import check, command
from hospital.embedded.console import Stop, say
from hospital.embedded.place import chosen_place
from hospital.embedded.run import run

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": lambda _arguments: run(),
    "manage": command.manage,
    "test": command.test,
    "bench": command.bench,
    "check": lambda _arguments: check.check(),
}
SENTENCES = {
    errno.ENOSPC: "磁盘已满，请清理或另设 DATA_DIR。 The disk is full: set DATA_DIR.",
    errno.EACCES: "没有写入权限，请另设 DATA_DIR。 No permission: set DATA_DIR.",
    errno.EPERM: "没有写入权限，请另设 DATA_DIR。 No permission: set DATA_DIR.",
}


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no Chinese
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    name, *arguments = sys.argv[1:] or ["run"]
    try:
        return COMMANDS[name](arguments)
    except KeyboardInterrupt:
        return 130
    except Stop as reason:
        say(f"✗ {reason}")
    except OSError as problem:
        if problem.errno not in SENTENCES:
            raise
        say(f"✗ {problem.filename or chosen_place().data}：{SENTENCES[problem.errno]}")
    return 1


if __name__ == "__main__":
    os.umask(0o022)  # PostgreSQL may run as another account, which reads what we install
    sys.exit(main())

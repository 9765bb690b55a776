"""`bin/bench NAME [options]`"""

import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    names = sorted(p.stem for p in Path(__file__).parent.glob("*.py") if (p.stem + "!")[0] != "_")
    known = [name for name in names if name not in {"servers", "measuring"}]
    if len(sys.argv) < 2 or sys.argv[1] not in known:
        sys.stderr.write(f"bin/bench {' | '.join(known)}\n")
        return 2
    return int(import_module(f"tests.bench.{sys.argv[1]}").main(sys.argv[2:]) or 0)


if __name__ == "__main__":
    sys.exit(main())

"""`bin/bench ground`: what the whole stack costs over bare Django, on an empty page and door."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from urllib.parse import urlsplit

from tests.bench.measuring import Round, machine, measure, median, postgres_pids
from tests.bench.servers import ROOT, server

DOORS = ("/empty/", "/api/v1/empty")
SIDES = ("platform", "bare")


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("bin/bench ground")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    chosen = parser.parse_args(arguments)
    cookies = {"platform": _platform(), "bare": _bare()}
    for kind in ("bridge", "workers"):
        _compare(kind, cookies, chosen.rounds, chosen.seconds)
    return 0


def _compare(kind: str, cookies: dict[str, str], rounds: int, seconds: float) -> None:
    print(f"\n{kind}: {machine()}")
    postgres = postgres_pids()
    taken: dict[tuple[str, str], list[Round]] = {(s, d): [] for s in SIDES for d in DOORS}
    with (
        server(kind, "tests.bench.platform", "/robots.txt") as ours,
        server(kind, "tests.bench.bare", "/") as bare,
    ):
        at = {"platform": ours, "bare": bare}
        for turn in range(rounds):
            for side in SIDES if turn % 2 else SIDES[::-1]:
                base, pid = at[side]
                for door in DOORS:
                    headers = {"Cookie": cookies[side]}
                    taken[side, door].append(
                        measure(
                            base + door,
                            headers=headers,
                            seconds=seconds,
                            server=pid,
                            postgres=postgres,
                        )
                    )
    for door in DOORS:
        ours_, bare_ = taken["platform", door], taken["bare", door]
        ratios = [a.rate / b.rate for a, b in zip(ours_, bare_, strict=True)]
        print(f"  {door}")
        for side in SIDES:
            rows = taken[side, door]
            rate, cpu, pg = (
                median([getattr(r, name) for r in rows]) for name in ("rate", "cpu_us", "pg_us")
            )
            print(
                f"    {side:9} {rate:6.0f} requests/s, CPU {cpu:5.0f} µs + PostgreSQL {pg:4.0f} µs"
            )
        print(f"    ratio of rates {median(ratios):.2f} ({min(ratios):.2f}..{max(ratios):.2f})")
    print(f"  afterwards: {machine()}")


def _platform() -> str:
    """Migrate, and sign a patient in: the cookie."""
    manage = [sys.executable, "manage.py"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "hospital.settings"}
    subprocess.run([*manage, "migrate", "--database=owner", "-v0"], env=env, cwd=ROOT, check=True)
    subprocess.run([*manage, "collectstatic", "--noinput", "-v0"], env=env, cwd=ROOT, check=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.platform"
    import django  # noqa: PLC0415 - once the environment is complete

    django.setup()
    from hospital.accounts.models import User  # noqa: PLC0415
    from tests.make import sitting_of  # noqa: PLC0415

    user = User.objects.create(phone="13800006620", roles=["patient"], password="!")
    return "; ".join(f"{k}={m.value}" for k, m in sitting_of(user).cookies.items())


def _bare() -> str:
    """Bare Django's tables in a database of their own, a signed-in user: the cookie."""
    import psycopg2  # noqa: PLC0415

    parts = urlsplit(os.environ["DATABASE_SUPERUSER_URL"])
    with_superuser = psycopg2.connect(parts.geturl())
    with_superuser.autocommit = True
    with with_superuser.cursor() as cursor:
        cursor.execute("CREATE DATABASE bare")
    os.environ["BARE_DATABASE_URL"] = parts._replace(path="/bare").geturl()
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.bench.bare"}
    run = [sys.executable, "-m", "django"]
    subprocess.run([*run, "migrate", "-v0"], env=env, cwd=ROOT, check=True)
    script = (
        "from django.contrib.auth import *; from django.contrib.auth.models import User;"
        "from importlib import import_module; u=User.objects.create(username='x');"
        "s=import_module('django.contrib.sessions.backends.db').SessionStore();"
        "s['_auth_user_id']=str(u.pk);"
        "s['_auth_user_backend']='django.contrib.auth.backends.ModelBackend';"
        "s['_auth_user_hash']=u.get_session_auth_hash(); s.create(); print(s.session_key)"
    )
    said = subprocess.run(
        [*run, "shell", "-v0", "-c", script],
        env=env,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return f"sessionid={said.stdout.split()[-1]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

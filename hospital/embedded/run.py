"""`bin/run`: services, a prepared database, and every process of the hospital, until Ctrl-C."""

import json
import os
import sys
import time
from http.client import HTTPConnection, HTTPException

from hospital.embedded import processes
from hospital.embedded.child import spawn
from hospital.embedded.console import Stop, say, step
from hospital.embedded.environment import environment, of_the_hospital
from hospital.embedded.network import answers, is_free
from hospital.embedded.place import CLONE, Place, chosen_place, write_privately
from hospital.embedded.services import Services, services
from hospital.embedded.supervisor import Supervisor
from hospital.embedded.welcome import welcome


def run() -> int:
    began = time.monotonic()
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    place = chosen_place()
    place.make()
    if not place.try_to_lock():
        raise Stop(
            f"{place.data} 已有一个实例在用；要再开一个，请另设 DATA_DIR 和 PORT。"
            " Already in use: set another DATA_DIR and PORT for a second instance."
        )
    if not is_free(host, port):
        raise Stop(
            f"端口 {port} 已被占用，请换一个：PORT={port + 10} bin/run 。"
            f" Port {port} is taken: choose another with PORT=."
        )
    supervisor = Supervisor()
    try:
        with services(place) as found:
            supervisor.adopt(*found.servers)
            _run(supervisor, place, found, host, port, began)
    finally:
        place.running.unlink(missing_ok=True)
    say("  已停止 stopped")
    return 0


def _run(
    supervisor: Supervisor, place: Place, found: Services, host: str, port: int, began: float
) -> None:
    env = environment(place, found.env)
    children = []
    try:
        if processes.has_simulators(env):
            beside = processes.port_for_simulators(port)
            found.env["SIMULATORS_URL"] = env["SIMULATORS_URL"] = f"http://127.0.0.1:{beside}"
            world = processes.simulators(place, env, beside)
            children.append(world)
            with step("模拟的外部世界已启动", "simulators are up"):
                supervisor.start(world)
                supervisor.wait_for(lambda: answers("127.0.0.1", beside), world, seconds=30)
        _prepare(env)
        # Whoever asks `bin/manage` from now on shares these services.
        write_privately(place.running, json.dumps(of_the_hospital(place, found.env)))
        web = processes.web(place, env, host, port)
        others = [processes.worker(place, env), processes.beat(place, env)]
        children += [web, *others]
        with step("网站、任务、定时器已启动", "web, worker and beat are up"):
            supervisor.start(web, *others)
            supervisor.wait_for(lambda: _serves(host, port), web, seconds=60)
        welcome(env, place.data, time.monotonic() - began)
        supervisor.watch()
    finally:
        say("\n  正在停止 stopping …")
        supervisor.stop(*children)


def _prepare(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "hospital.embedded.prepare"]
    process = spawn(command, env=env, cwd=CLONE)
    try:
        if process.wait():
            raise Stop("准备数据库时出错，详情见上。 Preparing the database failed: see above.")
    finally:
        process.kill()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65_535:
        raise Stop(f"PORT={text} 不是端口号。 PORT must be a number from 1 to 65534.")
    return int(text)


def _serves(host: str, port: int) -> bool:
    """Any answer will do: the first page belongs to the hospital, not to the start."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (asked, not bound)
    try:
        connection = HTTPConnection(shown, port, timeout=20)
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    return True

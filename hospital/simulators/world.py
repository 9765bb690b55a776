"""Puts the six rooms, their control calls and the front page together into one application."""

from collections.abc import Sequence

from starlette.applications import Starlette

from hospital.simulators.control import all_control_routes, bad_request
from hospital.simulators.courier.room import Courier
from hospital.simulators.his import opening as his
from hospital.simulators.index import index_routes
from hospital.simulators.page import style_route
from hospital.simulators.realname.room import RealNameService
from hospital.simulators.regulator.room import Regulator
from hospital.simulators.room import Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import open_database
from hospital.simulators.sms.room import SmsCarrier
from hospital.simulators.wechatpay import opening as wechatpay
from hospital.simulators.wishes import BadRequest


def create_application(settings: Settings) -> Starlette:
    database = open_database(settings.state)
    hospital = his.open_room(settings, database)
    rooms: Sequence[Room] = (
        hospital,
        wechatpay.open_room(settings, database),
        SmsCarrier(settings, database),
        Courier(settings, database),
        Regulator(settings, database),
        RealNameService(settings, database, name_of=hospital.archive.name_of),
    )
    return Starlette(
        routes=[
            *index_routes(rooms, settings.demo_file),
            style_route,
            *all_control_routes(rooms),
            *(route for room in rooms for route in room.routes),
        ],
        exception_handlers={BadRequest: bad_request},
    )

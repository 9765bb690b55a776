"""Every socket address of the platform."""

from typing import Any

from django.urls import path

from hospital.consultations.consumers import Conversation
from hospital.kernel.routing import Unknown
from hospital.kernel.sockets import Socket
from hospital.notifications.consumers import InboxBadge


def _socket(address: str, consumer: type[Socket] | type[Unknown]) -> Any:
    application: Any = consumer.as_asgi()  # a path of Django's, leading to what is no view
    return path(address, application)


sockets = [
    _socket("ws/inbox/", InboxBadge),
    _socket("ws/consultations/<uuid:public_id>/", Conversation),
    _socket("ws/<path:rest>", Unknown),
]

"""Every socket address of the platform."""

from django.urls import path

from hospital.consultations.consumers import Conversation
from hospital.kernel.routing import Unknown
from hospital.notifications.consumers import InboxBadge

sockets = [
    path("ws/inbox/", InboxBadge.as_asgi()),
    path("ws/consultations/<uuid:public_id>/", Conversation.as_asgi()),
    path("ws/<path:rest>", Unknown.as_asgi()),
]

"""The description of the JSON doors (OpenAPI), made of the doors themselves.

What drf-spectacular could only guess is told here once, for every door: the access entry, the name
of an operation and of a door's own shapes, our fields, the session, and the one form of refusal.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema

from hospital.kernel.access import entry_of

ACCESS = "x-access"
REFUSAL = {
    "type": "object",
    "description": "Why it was not done: `message` for people, `code` and `facts` for programs.",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "facts": {"type": "object", "additionalProperties": True},
    },
    "required": ["code", "message", "facts"],
    "additionalProperties": False,
}


class Described(AutoSchema):
    """`DEFAULT_SCHEMA_CLASS`."""

    def get_extensions(self) -> dict[str, Any]:
        return {ACCESS: entry_of(type(self.view), self.method)}

    def get_description(self) -> str:  # type: ignore[override]
        """The door's own docstring, or that of its method; never the one it inherits."""
        door = type(self.view)
        told = getattr(door, self.method.lower()).__doc__ or door.__dict__.get("__doc__")
        return inspect.cleandoc(told or "")

    def get_operation_id(self) -> str:
        """The door's name; with the method where it answers to several."""
        door = type(self.view)
        methods = [m for m in door.http_method_names if m != "options" and hasattr(door, m)]
        return door.__name__ if len(methods) == 1 else f"{self.method.title()}{door.__name__}"

    def _get_serializer_name(self, serializer: Any, *more: Any, **named: Any) -> str:
        """With its room, and its door where it stands in one: `payments.PayInput`."""
        name = super()._get_serializer_name(serializer, *more, **named)
        shape = type(serializer)
        room = shape.__module__.removeprefix("hospital.").partition(".")[0]
        own = shape.__qualname__.replace(".", "")
        return (
            f"{room}.{own}" if name.startswith(shape.__name__.removesuffix("Serializer")) else name
        )


class _Session(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hospital.kernel.callers.SameSiteSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sid",
            "description": "The session cookie; every change also carries `X-CSRFToken`.",
        }


class _Text(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Our text fields are text, longer or shorter."""

    target_class = "hospital.kernel.fields._Normalised"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        longest = getattr(self.target, "limit", None)
        return {"type": "string"} | ({"maxLength": longest} if longest else {})


class _Whole(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "hospital.kernel.fields.WholeField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        bounds = {"minimum": self.target.low, "maximum": self.target.high}
        return {"type": "integer"} | {k: v for k, v in bounds.items() if v is not None}


def describe_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: every operation may be refused, and always in the same form."""
    shapes = result.setdefault("components", {})
    shapes.setdefault("schemas", {})["Refusal"] = REFUSAL
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    shapes["responses"] = {"Refused": {"description": "Refused, and why.", "content": content}}
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, Mapping):
                operation["responses"]["default"] = {"$ref": "#/components/responses/Refused"}
    return result

"""Encrypted model fields: plain text in Python, an envelope in PostgreSQL, nothing in between.

The value is sealed when the row is saved and opened when the attribute is read. It is bound to
the row's `public_id`, which every such model sets before insert. What would leak or corrupt
raises: `values()`, `update()`, lookups, a wrong key.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from hospital.kernel import ciphers


@dataclass(frozen=True)
class Sealed:
    """A value as it stands in the database. Only a field turns it into text."""

    envelope: str

    def __str__(self) -> str:
        raise TypeError("A sealed value is no text: read it through its model.")


class _Opening(DeferredAttribute):
    """Opens the envelope on first read and keeps the text on the instance."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        text = ciphers.unseal(value.envelope, bound_to=self.field.bound_to(instance))
        opened = self.field.from_text(text)
        instance.__dict__[self.field.attname] = opened
        return opened

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Being set makes this a data descriptor, so that every read comes through `__get__`."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that only the platform can read. Use it for names, numbers, addresses, clinical text."""

    descriptor_class = _Opening

    def bound_to(self, instance: models.Model) -> str:
        return self.bound_to_row(instance.public_id)  # type: ignore[attr-defined]

    def bound_to_row(self, public_id: Any) -> str:
        return f"{self.model._meta.label_lower}.{self.name}|{public_id}"

    def to_text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, not {type(value).__name__}.")
        return value

    def from_text(self, text: str) -> Any:
        return text

    def from_db_value(self, value: str | None, *_: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: FBT001 - Django's signature
        value = model_instance.__dict__.get(self.attname)
        if value is None:
            return None
        if isinstance(value, Sealed):
            return self._renewed(value, model_instance)
        return Sealed(ciphers.seal(self.to_text(value), bound_to=self.bound_to(model_instance)))

    def _renewed(self, value: Sealed, instance: models.Model) -> Sealed:
        """Whoever read a row before its key was changed does not write the old key back."""
        if ciphers.is_current(value.envelope):
            return value
        bound = self.bound_to(instance)
        return Sealed(ciphers.seal(ciphers.unseal(value.envelope, bound_to=bound), bound_to=bound))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value.envelope if value else None
        raise FieldError(f"{self.name} is encrypted: save the instance, do not update() it.")

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        if compiler.query.values_select:
            raise FieldError(f"{self.name} is encrypted: values() cannot open it.")
        return sql, params

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: search by its blind index.")

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not serialised.")


class EncryptedDateField(EncryptedTextField):
    """A day that would help to tell who somebody is. It is compared in Python, never in SQL."""

    _pyi_private_set_type: date  # type: ignore[assignment]  # for django-stubs
    _pyi_private_get_type: date  # type: ignore[assignment]

    def to_text(self, value: Any) -> str:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError(f"{self.name} takes a date, not {type(value).__name__}.")
        return value.isoformat()

    def from_text(self, text: str) -> Any:
        return date.fromisoformat(text)


class EncryptedJSONField(EncryptedTextField):
    """A structure of plain JSON, sealed as a whole."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        return json.loads(text)


class BlindIndexField(models.CharField[Any, Any]):
    """A keyed fingerprint of another field of the row, for exact search and uniqueness.

    `normalise` makes one form of one meaning first. Search with `Model.objects.filter(
    phone_index=Model._meta.get_field("phone_index").of(phone))`.
    """

    def __init__(
        self, *, of: str = "", normalise: Callable[[str], str] | None = None, **kwargs: Any
    ) -> None:
        self.source, self.normalise = of, normalise
        super().__init__(**{"max_length": 64, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def of(self, value: str) -> str:
        text = self.normalise(value) if self.normalise else value
        return ciphers.fingerprint(text, purpose=f"{self.model._meta.label_lower}.{self.name}")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = getattr(model_instance, self.source)
        index = self.of(value) if value else None
        setattr(model_instance, self.attname, index)
        return index


def sealed_columns(model: type[models.Model]) -> list[EncryptedTextField]:
    """The encrypted columns of the model's own table."""
    return [f for f in model._meta.local_concrete_fields if isinstance(f, EncryptedTextField)]


def index_of(model: type[models.Model], field: str, value: str) -> str:
    """The fingerprint under which `value` is stored in `model.field`."""
    return cast(BlindIndexField, model._meta.get_field(field)).of(value)

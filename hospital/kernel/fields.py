"""Serializer fields that the traps of Unicode and of JSON's loose types cannot pass."""

from typing import Any

from rest_framework import serializers

from hospital.kernel import normalise
from hospital.kernel.refusals import Refused


class _Normalised(serializers.CharField):
    """Text brought to its one form by a normaliser, whose refusal becomes the field's error."""

    def normal(self, text: str) -> str:
        raise NotImplementedError

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        try:
            return self.normal(text)
        except Refused as refusal:
            raise serializers.ValidationError(refusal.message, code=refusal.code) from refusal


class PhoneField(_Normalised):
    def normal(self, text: str) -> str:
        return normalise.phone(text)


class NameField(_Normalised):
    def normal(self, text: str) -> str:
        return normalise.name(text)


class ProseField(_Normalised):
    """Free text of at most `limit` characters, without invisible marks."""

    def __init__(self, *, limit: int = 2000, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**kwargs)

    def normal(self, text: str) -> str:
        return normalise.prose(text, limit=self.limit)


class WholeField(serializers.Field[int, Any, int, Any]):
    """An integer that is one: no floats, no `1_0`, no full-width digits."""

    def __init__(self, *, low: int | None = None, high: int | None = None, **kwargs: Any) -> None:
        self.low, self.high = low, high
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        try:
            return normalise.whole(data, low=self.low, high=self.high)
        except Refused as refusal:
            raise serializers.ValidationError(refusal.message, code=refusal.code) from refusal

    def to_representation(self, value: int) -> int:
        return value

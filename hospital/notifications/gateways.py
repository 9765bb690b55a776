"""The text-message provider, seen from here."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext_noop

from hospital.kernel import outward

PARTNER: Final = gettext_noop("短信服务")


def send_sms(phone: str, *, template: str, params: dict[str, str], words: str, once: str) -> None:
    response = outward.request(
        "POST",
        settings.SMS_URL,
        partner=PARTNER,
        headers={"X-App-Key": settings.SMS_KEY},
        json={"phone": phone, "template": template, "params": params, "text": words, "id": once},
    )
    if response.status_code != 200:
        raise outward.unavailable(PARTNER)

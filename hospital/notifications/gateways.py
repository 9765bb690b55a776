"""The text-message provider, seen from here."""

from django.conf import settings

from hospital.kernel import outward


def send_sms(phone: str, *, template: str, params: dict[str, str], words: str, once: str) -> None:
    response = outward.request(
        "POST",
        settings.SMS_URL,
        partner="短信服务",
        headers={"X-App-Key": settings.SMS_KEY},
        json={"phone": phone, "template": template, "params": params, "text": words, "id": once},
    )
    if response.status_code != 200:
        raise outward.unavailable("短信服务")

"""What must hold about money before the platform may start."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def no_play_money(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The simulated gateway's folder holds the platform's private key; a real one never does."""
    if settings.PRODUCTION and (Path(settings.WECHATPAY_KEYS) / "platform_key.pem").exists():
        return [Error("WECHATPAY_KEYS is the folder of the simulated gateway.", id="payments.E001")]
    return []

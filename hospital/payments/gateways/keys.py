"""Our keys at WeChat Pay, from the folder `WECHATPAY_KEYS`; they never leave the process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_noop

from hospital.kernel.outward import unavailable

PARTNER: Final = gettext_noop("微信支付")


@dataclass(frozen=True)
class Keys:
    mchid: str
    appid: str
    merchant_key: str
    merchant_serial: str
    apiv3_key: str
    platform_public: str
    platform_public_id: str


def read_keys(folder: Path) -> Keys:
    """Raises `Unavailable` while the folder is not there yet (a gateway that is still starting)."""
    try:
        return Keys(
            mchid=_told(folder / "mchid.txt"),
            appid=_told(folder / "appid.txt"),
            merchant_key=_told(folder / "merchant_key.pem"),
            merchant_serial=_told(folder / "merchant_serial.txt"),
            apiv3_key=_told(folder / "apiv3_key.txt"),
            platform_public=_told(folder / "platform_public.pem"),
            platform_public_id=_told(folder / "platform_public_id.txt"),
        )
    except OSError as error:
        raise unavailable(PARTNER) from error


def _told(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()

"""What the simulated world is told from outside; every value has a default for a laptop."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    state: Path
    keys: Path
    demo_file: Path
    public_url: str = ""
    regulator_key: str = "demo-regulator-key"
    sms_key: str = "demo-sms-key"
    courier_key: str = "demo-courier-key"
    real_name_key: str = "demo-realname-key"

    @classmethod
    def in_folder(cls, folder: Path) -> "Settings":
        """Everything under one folder, as a test or a first look wants it."""
        return cls(
            state=folder / "simulators.sqlite3",
            keys=folder / "wechatpay",
            demo_file=folder / "demo.json",
        )

    @classmethod
    def from_environment(cls) -> "Settings":
        data = os.environ.get("DATA_DIR") or Path(tempfile.gettempdir()) / "hospital-simulators"
        usual = cls.in_folder(Path(data))
        return cls(
            state=Path(os.environ.get("SIMULATORS_STATE") or usual.state),
            keys=Path(os.environ.get("SIMULATORS_KEYS") or usual.keys),
            demo_file=Path(os.environ.get("DEMO_FILE") or usual.demo_file),
            public_url=os.environ.get("SIMULATORS_URL", "").rstrip("/"),
            regulator_key=os.environ.get("REGULATOR_KEY") or usual.regulator_key,
            sms_key=os.environ.get("SMS_KEY") or usual.sms_key,
            courier_key=os.environ.get("COURIER_KEY") or usual.courier_key,
            real_name_key=os.environ.get("REAL_NAME_KEY") or usual.real_name_key,
        )

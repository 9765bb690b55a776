"""What is measured, found, prescribed and where, in the made-up town. Demonstration data."""

from dataclasses import dataclass
from typing import Final

from hospital.demo.scale.rows import NULL


@dataclass(frozen=True)
class Item:
    code: str  # LOINC
    name: str
    unit: str
    low: str
    high: str
    least: float  # of the values that are made
    step: float  # from one value to the next

    def value(self, luck: int) -> str:
        return f"{self.least + luck % 40 * self.step:.2f}"


PANEL: Final = (
    Item("14682-9", "血肌酐", "μmol/L", "57", "97", 50.0, 2.0),
    Item("2823-3", "血钾", "mmol/L", "3.5", "5.3", 3.2, 0.06),
    Item("22748-8", "低密度脂蛋白胆固醇", "mmol/L", NULL, "3.4", 1.6, 0.08),
    Item("4548-4", "糖化血红蛋白", "%", "4", "6", 4.6, 0.1),
    Item("14771-0", "空腹血糖", "mmol/L", "3.9", "6.1", 3.9, 0.12),
    Item("1742-6", "谷丙转氨酶", "U/L", "9", "50", 8.0, 1.6),
    Item("3084-1", "血尿酸", "μmol/L", "208", "428", 190.0, 8.0),
    Item("718-7", "血红蛋白", "g/L", "130", "175", 112.0, 1.8),
)
ILLS: Final = (
    ("I10", "原发性高血压"),
    ("E11.9", "2型糖尿病"),
    ("I25.1", "冠状动脉粥样硬化性心脏病"),
    ("E78.5", "高脂血症"),
    ("J45.9", "支气管哮喘"),
    ("K29.5", "慢性胃炎"),
    ("N18.3", "慢性肾脏病3期"),
    ("M17.9", "膝关节骨关节病"),
)
DRUGS: Final = (
    ("氨氯地平片", "C08CA01", "每日1次，每次5mg"),
    ("二甲双胍片", "A10BA02", "每日3次，每次0.5g"),
    ("阿托伐他汀钙片", "C10AA05", "每晚1次，每次20mg"),
    ("阿司匹林肠溶片", "B01AC06", "每日1次，每次100mg"),
)
WARDS: Final = ("心血管内科", "内分泌科", "呼吸内科", "消化内科", "肾内科", "骨科")

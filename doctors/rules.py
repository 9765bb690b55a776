"""What must be so before the hospital grants a privilege."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hospital.kernel.rules import Verdict, block, rule

REVIEW_MONTHS: Final = 36
_TIERS: Final = ("unrestricted", "restricted", "special")
_HIGHEST: Final = {
    "resident": "unrestricted",
    "attending": "restricted",
    "associate_chief": "special",
    "chief": "special",
}


@dataclass(frozen=True)
class Wish:
    """A privilege that somebody asks for, and what they are."""

    kind: str = "prescribe"
    tier: str = ""
    title: str = "attending"
    licence_in_force: bool = True
    months: int = 120  # of independent practice; of dispensing, where a pharmacist asks


def reaches(title: str, tier: str) -> bool:
    """Whether the title may be granted antimicrobials of this tier."""
    highest = _HIGHEST.get(title)
    return highest is not None and _TIERS.index(tier) <= _TIERS.index(highest)


@rule(
    id="PRIVILEGE-LICENCE",
    register="C01",
    source="处方管理办法 第八条",
    says="没有生效的执业资质，不能授予权限。",
    says_en="No privilege is granted to somebody whose licence is not in force.",
    todo="请先审核本人的执业资质。",
)
def licence_comes_first(wish: Wish) -> Iterator[Verdict]:
    if not wish.licence_in_force:
        yield block(evidence={"licence_in_force": False})


@rule(
    id="PRIVILEGE-ANTIMICROBIAL-TITLE",
    register="C02",
    source="抗菌药物临床应用管理办法 第二十四条",
    says="抗菌药物处方权的级别高于本人职称可以授予的级别。",
    says_en="The tier of antimicrobials is above what this title may be granted.",
    todo="高级职称可授予特殊使用级，中级限制使用级，初级非限制使用级。",
)
def tier_fits_the_title(wish: Wish) -> Iterator[Verdict]:
    if wish.kind == "antimicrobial" and not reaches(wish.title, wish.tier):
        yield block(evidence={"tier": wish.tier, "title": wish.title})


@rule(
    id="PRIVILEGE-REVIEW-YEARS",
    register="C03",
    source="医疗机构处方审核规范 第五条",
    says="审方药师须有三年以上门急诊或病区处方调剂工作经验。",
    says_en="A reviewing pharmacist needs at least three years of dispensing practice.",
    todo="请满三年以后再申请审方权限。",
)
def reviewer_is_experienced(wish: Wish) -> Iterator[Verdict]:
    if wish.kind == "review" and wish.months < REVIEW_MONTHS:
        yield block(evidence={"months": wish.months, "min": REVIEW_MONTHS})


GRANTING = (licence_comes_first, tier_fits_the_title, reviewer_is_experienced)

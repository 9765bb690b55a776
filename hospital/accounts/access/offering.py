"""What is offered and what it costs."""

from hospital.accounts.access.entry import EVERYBODY, entry
from hospital.accounts.roles import Role

OFFERING = (
    entry(
        "price.browse",
        "看价目表",
        EVERYBODY,
        why="服务项目和价格须公布",
        rule="已公布、没有停用的价目",
    ),
    entry(
        "admin.prices",
        "看价目和价目申请",
        {Role.FINANCE, Role.OUTPATIENT_OFFICE, Role.MEDICAL_AFFAIRS},
        why="价格由财务提出、另一部门公布",
        rule="所有价目",
    ),
    entry(
        "admin.prices.propose",
        "提出价目，撤回自己提出的",
        {Role.FINANCE},
        why="价格变动",
        rule="新的价目；撤回限自己提出的",
        fresh=True,
    ),
    entry(
        "admin.prices.decide",
        "公布或不同意价目",
        {Role.OUTPATIENT_OFFICE, Role.MEDICAL_AFFAIRS},
        why="价格须经两人",
        rule="别人提出的价目",
        fresh=True,
    ),
    entry(
        "admin.prices.end",
        "停用价目",
        {Role.FINANCE, Role.OUTPATIENT_OFFICE},
        why="项目取消",
        rule="已公布的价目",
        fresh=True,
    ),
)

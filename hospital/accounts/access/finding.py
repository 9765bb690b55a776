"""What everybody may look up about the people who work here."""

from hospital.accounts.access.entry import EVERYBODY, entry

FINDING = (
    entry(
        "staff.browse",
        "查医务人员的执业信息",
        EVERYBODY,
        why="医务人员的电子注册信息须公开，供公众查询",
        rule="资质有效、账号在用的医生和药师",
    ),
)

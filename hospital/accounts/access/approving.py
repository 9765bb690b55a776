"""The one inbox of the back office, and how people are trained and assessed."""

from typing import Final

from hospital.accounts.access.entry import entry
from hospital.accounts.roles import MANAGERS

APPROVING: Final = (
    entry(
        "admin.inbox",
        "看等自己审批的事",
        MANAGERS,
        why="线上电子流：申请都在一处，按先后处理",
        rule="自己能决定的申请；自己提交的和关于自己的不在里面",
    ),
)

"""The one inbox of the back office, and how people are trained and assessed."""

from typing import Final

from hospital.accounts.access.entry import CLINICIANS, entry
from hospital.accounts.roles import MANAGERS, Role

APPROVING: Final = (
    entry(
        "admin.inbox",
        "看等自己审批的事",
        MANAGERS,
        why="线上电子流：申请都在一处，按先后处理",
        rule="自己能决定的申请；自己提交的和关于自己的不在里面",
    ),
    entry(
        "doctor.training",
        "看自己的培训和考核",
        CLINICIANS,
        why="人员培训、考核、评价和退出（R-36）",
        rule="自己的记录",
    ),
    entry(
        "admin.training",
        "看医务人员的培训和考核",
        {Role.MEDICAL_AFFAIRS},
        why="人员培训、考核、评价和退出（R-36）",
        rule="所有记录",
    ),
    entry(
        "admin.training.record",
        "记录培训和考核",
        {Role.MEDICAL_AFFAIRS},
        why="人员培训、考核、评价和退出（R-36）",
        rule="别人的；记下的不能改",
    ),
)

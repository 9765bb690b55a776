"""What the hospital lets doctors and pharmacists do, apart from their licence."""

from hospital.accounts.access.entry import entry
from hospital.accounts.roles import Role

CREDENTIALING = (
    entry(
        "admin.privileges",
        "看执业权限",
        {Role.MEDICAL_AFFAIRS},
        why="处方权、审方等权限由医院另行授予",
        rule="所有申请和授予的权限",
    ),
    entry(
        "admin.privileges.decide",
        "授予、不授予、暂停、恢复、结束权限",
        {Role.MEDICAL_AFFAIRS},
        why="权限须经两人，出问题时马上停",
        rule="授予和恢复限别人申请的、不是给自己的",
    ),
)

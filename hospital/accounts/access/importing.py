"""Lists of staff and departments: handed in, confirmed by a second person."""

from hospital.accounts.access.entry import entry
from hospital.accounts.roles import Role

AFFAIRS = {Role.MEDICAL_AFFAIRS}
IMPORTING = (
    entry(
        "admin.imports",
        "看导入、进度和结果，下载模板",
        AFFAIRS,
        why="医务处管理医务人员和科室的名单",
        rule="所有导入；没有导入的行写明原因",
    ),
    entry(
        "admin.imports.check",
        "上传名单并检查，停止导入",
        AFFAIRS,
        why="入职和科室调整要成批办理",
        rule="没有错误的名单；没有完成的导入",
        fresh=True,
    ),
    entry(
        "admin.imports.confirm",
        "确认导入",
        AFFAIRS,
        why="导入会开账号、给医生和药师的角色，须经两人",
        rule="别人上传的、等待确认的名单",
        fresh=True,
    ),
)

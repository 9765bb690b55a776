"""Bills raised at the hospital and paid online."""

from hospital.accounts.access.entry import PATIENT, entry
from hospital.accounts.roles import Role

BILLS = (
    entry(
        "patient.bills",
        "看和支付自己与家人的院内账单",
        PATIENT,
        why="在线缴费，不用去窗口排队",
        rule="本人，或关系有效的家人的账单",
    ),
    entry(
        "admin.bills",
        "看院内账单的线上缴费",
        {Role.FINANCE},
        why="和医院收费系统对账",
        rule="所有线上缴费；不显示收费项目",
    ),
    entry(
        "admin.his.mend",
        "把隔离的院内数据重新取回",
        {Role.IT},
        why="院内系统改正以后要补进来",
        rule="还没有处理的隔离数据；内容不显示",
    ),
)

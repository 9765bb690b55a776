"""The duty roster, and what follows when somebody may not practise any more."""

from hospital.accounts.access.entry import CLINICIANS, DOCTOR, entry
from hospital.accounts.roles import Role

_OFFICES = {Role.MEDICAL_AFFAIRS, Role.OUTPATIENT_OFFICE, Role.PHARMACY}

ROSTERING = (
    entry(
        "duty.own",
        "看自己的值班",
        CLINICIANS,
        why="按班次上岗",
        rule="自己的班次",
    ),
    entry(
        "admin.duty",
        "看值班表",
        _OFFICES,
        why="服务期间须有医师和药师在岗",
        rule="医生的班：医务处、门诊办公室；药师的班：医务处、药剂科",
    ),
    entry(
        "admin.duty.roster",
        "排班、改班、复制一周",
        _OFFICES,
        why="服务期间须有医师和药师在岗",
        rule="医生的班：医务处、门诊办公室；药师的班：医务处、药剂科",
    ),
    entry(
        "handover.take",
        "接手同科医生不能继续的问诊",
        DOCTOR,
        why="原来的医生不能执业，患者的诊疗不能中断",
        rule="本人正在执业、开着接诊，问诊属于同一科室且等待接手",
        reads=True,
    ),
    entry(
        "admin.handovers",
        "看问诊交接",
        {Role.OUTPATIENT_OFFICE, Role.MEDICAL_AFFAIRS},
        why="没有人接手的问诊要有人安排",
        rule="所有交接；病情和对话不显示",
    ),
    entry(
        "admin.handovers.end",
        "结束没有人能接手的交接",
        {Role.OUTPATIENT_OFFICE},
        why="不让患者白等",
        rule="等待接手的交接",
    ),
)

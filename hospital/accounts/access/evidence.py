"""Papers of other hospitals, and diagnoses that are one disease."""

from hospital.accounts.access.entry import DOCTOR, PATIENT, entry
from hospital.accounts.roles import Role

OFFICE = {Role.OUTPATIENT_OFFICE}

EVIDENCE = (
    entry(
        "evidence.submit",
        "上传外院病历，看审核结果，撤回",
        PATIENT,
        why="在外院确诊的也可以在线复诊（R-03）",
        rule="本人、关系有效的家人和代办的人",
    ),
    entry(
        "evidence.review",
        "看等待审核的外院病历",
        DOCTOR,
        why="外院病历要由医生核对以后才算数（R-03）",
        rule="自己在执业的科室；自己和家人的除外",
        reads=True,
    ),
    entry(
        "evidence.decide",
        "确认、不通过、撤销外院病历",
        DOCTOR,
        why="外院病历要由医生核对以后才算数（R-03）",
        rule="自己在执业的科室；自己和家人的除外",
        fresh=True,
    ),
    entry(
        "same-disease.read",
        "看哪些诊断被确认为同一种病",
        DOCTOR,
        why="同一种病在各院的编码不一样（R-03）",
        rule="自己正在看的患者",
        reads=True,
    ),
    entry(
        "same-disease.confirm",
        "确认两个诊断是同一种病，撤回确认",
        DOCTOR,
        why="同一种病在各院的编码不一样（R-03）",
        rule="自己正在看的患者；自己和家人的除外；撤回还可以由确认的医生",
        fresh=True,
    ),
    entry(
        "admin.evidence",
        "看外院病历的审核",
        OFFICE,
        why="门诊办公室协助审核外院病历（R-03）",
        rule="自己和家人的除外；表里没有病情",
    ),
    entry(
        "admin.evidence.decide",
        "确认、不通过、撤销外院病历",
        OFFICE,
        why="门诊办公室协助审核外院病历（R-03）",
        rule="自己和家人的除外；每次查看留痕",
        fresh=True,
        reads=True,
    ),
)

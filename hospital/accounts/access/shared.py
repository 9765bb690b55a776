"""What everyone shares: the first pages, messages, files, what the platform does by itself."""

from hospital.accounts.access.entry import DOCTOR, EVERYBODY, PATIENT, PHARMACIST, entry
from hospital.accounts.roles import SIGNED_IN, STAFF

SHARED = (
    entry("web.size", "换字号", EVERYBODY, why="看得清", first=True),
    entry("web.language", "换语言", EVERYBODY, why="看得懂", first=True),
    entry("web.robots", "告诉搜索引擎什么可以看", EVERYBODY, why="不让内页被收录", first=True),
    entry("web.gallery", "看组件库（开发用）", STAFF, why="做页面的人要对照；没有任何数据"),
    entry("home.first", "打开首页", EVERYBODY, why="进门"),
    entry("home.me", "打开“我的”", PATIENT, why="患者的入口", rule="自己的"),
    entry("home.doctor", "打开医生工作台", DOCTOR, why="医生的入口", rule="自己的"),
    entry("home.pharmacist", "打开药师工作台", PHARMACIST, why="药师的入口", rule="自己的"),
    # messages
    entry("inbox.read", "看自己的消息", SIGNED_IN, why="通知到本人", rule="发给自己的"),
    entry("inbox.badge", "看自己的未读数", SIGNED_IN, why="通知到本人", rule="发给自己的"),
    # files
    entry(
        "file.read",
        "看有权看的文件",
        SIGNED_IN,
        why="诊疗中的图片和报告",
        rule="能看它所在的问诊或资料的人；每类文件由所属业务判断",
        reads=True,
    ),
    entry(
        "file.keep",
        "上传图片和文件",
        PATIENT | DOCTOR,
        why="诊疗需要看到病情",
        rule="自己参与的、正在进行的问诊",
    ),
    # programs
    entry("api.schema", "看接口说明", STAFF, why="院内程序对接；没有任何数据"),
    entry("task.run", "后台任务", {"platform"}, why="到时间该做的事，没有人在按"),
)

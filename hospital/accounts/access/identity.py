"""Who one is: signing in, one's sessions, proving oneself again."""

from hospital.accounts.access.entry import EVERYBODY, entry
from hospital.accounts.roles import SIGNED_IN, STAFF, Role

IDENTITY = (
    entry("account.sign-in", "登录", EVERYBODY, why="实名使用", rule="自己的账号", first=True),
    entry("account.sign-out", "退出登录", EVERYBODY, why="离开时收好", rule="当前登录", first=True),
    entry(
        "account.whoami",
        "看当前登录的是谁",
        EVERYBODY,
        why="程序要知道",
        rule="当前登录",
        first=True,
    ),
    entry(
        "account.sittings",
        "看和结束自己的登录",
        SIGNED_IN,
        why="发现别人在用自己的账号",
        rule="自己的登录",
    ),
    entry(
        "account.phone",
        "换登录手机号",
        {Role.PATIENT},
        why="换号以后还能找到自己的病历",
        rule="自己的账号；新旧手机各一个验证码，旧手机收不到时核对登记资料",
    ),
    entry(
        "account.verify",
        "再次核验本人",
        SIGNED_IN,
        why="接诊、签名等要紧的一步前核验本人（R-13）",
        rule="自己的账号",
        first=True,
    ),
    entry(
        "account.enrol",
        "绑定认证器",
        STAFF,
        why="工作人员须有两种核验方式",
        rule="自己的账号；已绑定的要先核验",
        first=True,
    ),
    entry(
        "account.password",
        "换密码",
        STAFF,
        why="密码至少每 90 天换一次",
        rule="自己的账号；要旧密码和第二因素",
        first=True,
        fresh=True,
    ),
    entry(
        "account.methods",
        "看自己的登录方式",
        SIGNED_IN,
        why="知道用什么能登录自己的账号",
        rule="自己的账号",
    ),
    entry(
        "account.methods.change",
        "增减自己的通行密钥、换认证器",
        SIGNED_IN,
        why="换手机、换电脑、丢了设备",
        rule="自己的账号",
        fresh=True,
    ),
)

"""Who one is: signing in, one's sessions, proving oneself again."""

from hospital.accounts.access.entry import EVERYBODY, entry
from hospital.accounts.roles import SIGNED_IN, STAFF

IDENTITY = (
    entry("account.sign-in", "登录", EVERYBODY, why="实名使用", rule="自己的账号"),
    entry("account.sign-out", "退出登录", EVERYBODY, why="离开时收好", rule="当前登录"),
    entry("account.whoami", "看当前登录的是谁", EVERYBODY, why="程序要知道", rule="当前登录"),
    entry(
        "account.sittings",
        "看和结束自己的登录",
        SIGNED_IN,
        why="发现别人在用自己的账号",
        rule="自己的登录",
    ),
    entry(
        "account.verify",
        "用第二因素核验本人",
        STAFF,
        why="接诊、签名前核验本人（R-13）",
        rule="自己的账号",
    ),
)

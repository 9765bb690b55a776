"""Whoever works here, at a desk: signing in by account, password and dynamic code."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.way.outside import Outside
from tests.browser.way.stage import Stage


@dataclass
class Staff:
    stage: Stage
    outside: Outside
    page: Page
    name: str

    def keep(self, what: str) -> None:
        self.stage.keep(self.page, what)

    def sign_in(self, *, home: str) -> None:
        self.page.goto("/")
        self.page.get_by_role("link", name="医生、药师和工作人员登录").click()
        username, password, code = self.outside.login_of(self.name)
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_label("动态码").fill(code)
        self.keep("工作人员登录")
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", name=home).first).to_be_visible()

    def go(self, name: str) -> None:
        self.page.get_by_label("主导航").get_by_role("link", name=name).click()

"""A patient with a telephone: from the texted code to the stars at the end."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.way.outside import Outside
from tests.browser.way.stage import Stage


@dataclass
class Patient:
    stage: Stage
    outside: Outside
    page: Page
    known: dict[str, Any]  # what the hospital knows of this person

    def keep(self, what: str) -> None:
        self.stage.keep(self.page, what)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def tab(self, name: str) -> None:
        self.page.get_by_label("主导航").get_by_role("link", name=name).click()

    # --- coming in --------------------------------------------------------------------------

    def sign_in(self) -> None:
        self.page.goto("/")
        self.keep("访客首页")
        self.follow("用手机号登录")
        self.page.get_by_label("手机号").fill(self.known["phone"])
        self.keep("手机号")
        self.press("获取验证码")
        field = self.page.get_by_label("短信验证码")
        expect(field).to_be_visible()
        field.fill(self.outside.code_texted_to(self.known["phone"]))
        self.keep("验证码")
        self.press("登录")
        expect(self.page.get_by_role("link", name="开始建档")).to_be_visible()
        self.keep("首次首页")

    def make_record(self, *, allergies: str = "") -> None:
        """Real name, consent, health."""
        self.follow("开始建档")
        self.say_who(self.known)
        self.agree()
        self.answer_health(allergies=allergies)

    def say_who(self, known: dict[str, Any], *, relation: str = "本人") -> None:
        self.page.get_by_label("与您的关系").select_option(label=relation)
        self.page.get_by_label("姓名").fill(known["name"])
        self.page.get_by_label("证件号").fill(known["id_number"])
        self.keep(f"实名-{relation}")
        self.press("下一步")
        expect(self.page.get_by_role("heading", name="知情同意", level=1)).to_be_visible()

    def agree(self) -> None:
        for box in self.page.get_by_label("我看过并同意").all():
            box.check()
        self.keep("知情同意")
        self.press("下一步")
        expect(self.page.get_by_role("heading", name="过敏", level=1)).to_be_visible()

    def answer_health(self, *, allergies: str = "", weight: str = "") -> None:
        """Allergies, which must be answered, and a child's weight; the rest is put off."""
        self.page.get_by_label("有过敏，请" if allergies else "没有过敏").check()
        if allergies:
            self.page.get_by_label("对什么过敏").first.fill(allergies)
        self.keep("健康信息")
        self.press("保存，下一步")
        titles = ["既往史", "长期用药", "怀孕和哺乳", "体重", "医保", "紧急联系人"]
        asked = self.page.locator("h1").filter(has_text=re.compile("|".join(titles)))
        record = self.page.get_by_role("heading", name="就诊记录")
        for _turn in titles:
            expect(asked.or_(record).first).to_be_visible()
            if record.is_visible():
                break
            title = asked.inner_text()
            if title == "体重" and weight:
                self.page.get_by_label("体重").fill(weight)
                self.press("保存，下一步")
            else:
                self.press("先跳过")
            expect(self.page.locator("h1", has_text=title)).to_have_count(0)
        expect(record).to_be_visible()
        self.keep("健康档案")

    # --- what the hospital already knows -----------------------------------------------------

    def read_reports(self) -> None:
        self.follow("检查报告")
        reports = self.page.locator("main .rows a.row")
        expect(reports.first).to_be_visible()
        self.keep("报告列表")
        reports.first.click()
        expect(self.page.locator("table.dt tbody tr").first).to_be_visible()
        self.keep("报告")

    # --- ordering ---------------------------------------------------------------------------

    def choose(self, department: str, doctor: str, *, kind: str = "在线复诊") -> None:
        """From the first page to the page where the visit is ordered."""
        self.page.goto("/")
        self.keep("首页")
        self.page.locator(".duo a").first.click()
        expect(self.page.get_by_role("heading", name="选科室")).to_be_visible()
        self.keep("科室")
        self.follow(department)
        card = self.page.get_by_role("article").filter(has_text=doctor)
        expect(card).to_be_visible()
        self.keep("医生列表")
        card.get_by_role("link").click()
        expect(self.page.get_by_role("heading", name="选择服务")).to_be_visible()
        self.page.locator("label.svc", has_text=kind).click()
        self.keep("医生主页")
        self.press("填写病情")
        expect(self.page.get_by_role("heading", name="就诊资格")).to_be_visible()

    def order(self, complaint: str) -> None:
        expect(self.page.get_by_text("可以在线复诊")).to_be_visible()
        first = self.page.get_by_role("checkbox").first
        first.check()
        self.page.get_by_label("哪里不舒服").fill(complaint)
        self.keep("核验与病情")
        self.press("下单并支付")
        expect(self.page.get_by_role("heading", name="支付", exact=True)).to_be_visible()

    def pay(self) -> None:
        """At the cashier of the payment company, and back."""
        self.keep("待支付")
        self.press("支付 ¥")
        self.page.wait_for_url(f"{self.outside.base}/wechatpay/cashier**")
        self.keep("收银台")
        self.page.get_by_role("button", name="支付", exact=True).click()
        expect(self.page.get_by_role("heading", name="已支付")).to_be_visible()
        self.keep("已支付")
        self.follow("继续")

    def await_doctor(self) -> str:
        """The waiting page; the visit's id from its address."""
        expect(self.page.get_by_role("heading", name="待接诊")).to_be_visible()
        self.keep("候诊")
        found = re.search(r"/consultations/([0-9a-f-]{36})/", self.page.url)
        assert found, self.page.url
        return found.group(1)

    # --- talking ----------------------------------------------------------------------------

    def bubble(self, text: str) -> Locator:
        return self.page.locator("#log .msg", has_text=text)

    def enter_chat(self) -> None:
        """The waiting page turns into the conversation by itself."""
        expect(self.page.get_by_label("输入消息")).to_be_visible()
        self.keep("已接诊")

    def open_visit(self, visit: str) -> None:
        """From the list of one's visits."""
        self.page.goto("/")
        self.page.locator(".duo").get_by_role("link", name="我的问诊").click()
        self.keep("我的问诊")
        self.page.locator(f"a[href*='{visit}']").first.click()
        expect(self.page.locator("#log")).to_be_visible()

    def hears(self, text: str) -> None:
        expect(self.bubble(text)).to_be_visible()

    def say(self, text: str) -> None:
        self.page.get_by_label("输入消息").fill(text)
        self.page.get_by_role("button", name="发送", exact=True).click()
        expect(self.bubble(text).filter(has_text=re.compile("已送达|已读"))).to_be_visible()

    def show(self, picture: bytes) -> None:
        with self.page.expect_file_chooser() as choosing:
            self.page.get_by_role("button", name="发送图片").click()
        choosing.value.set_files({"name": "血压.jpg", "mimeType": "image/jpeg", "buffer": picture})
        expect(self.page.locator("#log .msg--me[data-seq] .msg__img img")).to_be_visible()

    # --- medicines --------------------------------------------------------------------------

    def open_prescription(self, *, says: str) -> None:
        self.page.goto("/")
        self.follow("处方购药")
        self.page.locator("main a.row").first.click()
        expect(self.page.get_by_role("heading", name=says).first).to_be_visible()

    def order_medicines(self) -> None:
        """Delivered home: an address, a consent of its own, then the cashier."""
        self.keep("处方已审")
        self.follow("选择取药方式并缴费")
        self.follow("添加收货地址")
        self.add_address()
        self.follow("去同意")
        expect(self.page.get_by_text("药可以到医院窗口自取")).to_be_visible()
        self.keep("送药同意")
        self.page.get_by_role("button", name="同意《药品配送信息提供单独同意书》").click()
        expect(self.page.get_by_role("heading", name="取药方式", level=1)).to_be_visible()
        self.keep("取药方式")
        self.press("下一步，去支付")
        self.pay()

    def read_sheet(self) -> None:
        """The paper form with both signatures."""
        self.follow("查看处方笺")
        expect(self.page.get_by_text("电子签名有效")).to_have_count(2)
        self.keep("处方笺")

    def track(self) -> str:
        """The parcel's number."""
        self.page.reload()
        told = self.page.get_by_text("运单号")
        expect(told).to_be_visible()
        self.keep("配送中")
        return told.inner_text().removeprefix("运单号").strip()

    def receive(self) -> None:
        self.stage.until(self.page, self.page.get_by_role("heading", name="药品已经收到"))
        self.keep("已收到")

    def add_address(self) -> None:
        self.page.get_by_label("收件人").fill(self.known["name"])
        self.page.get_by_label("手机号").fill(self.known["phone"])
        self.page.get_by_label("省、市、区").fill("北京市海淀区")
        self.page.get_by_label("街道和门牌号").fill("花园北路 1 号院 2 号楼")
        self.keep("收货地址")
        self.press("保存地址")

    # --- endings ------------------------------------------------------------------------------

    def rate(self) -> None:
        self.page.get_by_label("很满意", exact=True).check()
        self.page.get_by_label("想说的话").fill("很耐心，讲得明白。")
        self.keep("评价")
        self.press("提交评价")
        expect(self.page.get_by_text("谢谢您的评价")).to_be_visible()
        self.keep("已评价")

    def add_child(self, child: dict[str, Any]) -> None:
        self.tab("我的")
        self.follow("就诊人")
        self.keep("就诊人")
        self.follow("添加家人")
        self.say_who(child, relation="子女（18 岁以下）")
        self.agree()
        self.answer_health(weight="18.5")

    def order_for(self, name: str) -> None:
        """Choose for whom; the page judges again."""
        self.page.get_by_role("radio", name=name).check()
        expect(self.page.get_by_role("radio", name=name)).to_be_checked()

    def ask_for_child(self, complaint: str) -> None:
        """Without the box that says a guardian will be there."""
        self.page.get_by_label("哪里不舒服").fill(complaint)
        self.press("下单并支付")

    def reads_refusal(self, rule: str, *words: str) -> None:
        """The rule by name, the law it stands on, and what can be done instead."""
        finding = self.page.locator(".finding", has_text=rule)
        expect(finding).to_be_visible()
        for each in words:
            expect(finding).to_contain_text(each)

    def sees_money_back(self, yuan: str) -> None:
        self.tab("我的")
        self.follow("我的订单")
        row = self.page.locator("main a.row").first
        self.stage.until(self.page, row.get_by_text("已退款"))
        self.keep("我的订单")
        row.click()
        expect(self.page.get_by_text(f"已退回 ¥{yuan}")).to_be_visible()
        self.keep("订单详情")

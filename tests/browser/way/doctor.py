"""The doctor's desk: accept, talk, prescribe, close or refer."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.way.staff import Staff


@dataclass
class Doctor(Staff):
    def accept(self, patient: str) -> None:
        """From the worklist; what the hospital knows of the patient stands beside it."""
        self.go("接诊")
        self.page.get_by_label("患者列表").get_by_role("link", name=patient).click()
        button = self.page.get_by_role("button", name="接诊", exact=True)
        expect(button).to_be_visible()
        expect(self.page.locator("#rec").get_by_text("过敏").first).to_be_visible()
        self.keep("医生-待接诊")
        button.click()
        expect(self.page.get_by_label("回复患者")).to_be_visible()
        self.keep("医生-已接诊")

    def hears(self, text: str) -> None:
        expect(self.page.locator("#log .msg", has_text=text)).to_be_visible()

    def sees_a_picture(self) -> None:
        picture = self.page.get_by_alt_text("患者发的图片")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 0

    def say(self, text: str) -> None:
        field = self.page.get_by_label("回复患者")
        field.fill(text)
        field.press("Enter")
        said = self.page.locator("#log .msg--me", has_text=text)
        expect(said.filter(has_text=re.compile("已送达|已读"))).to_be_visible()

    # --- prescribing --------------------------------------------------------------------------

    @property
    def drawer(self) -> Locator:
        return self.page.locator("#rx")

    def open_drawer(self) -> None:
        self.page.get_by_role("link", name="开处方").click()
        expect(self.drawer.get_by_label("诊断")).to_be_visible()
        self.keep("开处方-空")

    def add(self, letters: str, drug: str) -> Locator:
        """Find by pinyin initials and take; the line it became."""
        self.drawer.get_by_label("添加药品").press_sequentially(letters)
        self.drawer.locator(".rx-hit", has_text=drug).first.click()
        line = self.line(drug)
        expect(line).to_be_visible()
        return line

    def line(self, drug: str) -> Locator:
        return self.drawer.locator(".rxline", has_text=drug)

    def dose(self, drug: str, dose: str, frequency: str, days: str) -> None:
        line = self.line(drug)
        line.get_by_label("每次").fill(dose)
        line.get_by_label("频次").select_option(label=frequency)
        line.get_by_label("天数").fill(days)
        line.get_by_label("天数").press("Tab")

    def finding(self, drug: str, says: str) -> Locator:
        return self.line(drug).locator(".finding", has_text=says)

    def remove(self, drug: str) -> None:
        self.drawer.get_by_role("button", name=f"删除{drug}").click()
        expect(self.line(drug)).to_have_count(0)

    @property
    def sign_button(self) -> Locator:
        return self.drawer.get_by_role("button", name="签名并提交审核")

    def sign(self) -> None:
        self.sign_button.click()
        expect(self.drawer.get_by_text("已签名，交给药师审核")).to_be_visible()
        self.keep("已签名")
        self.close_drawer()

    def may_not_sign(self, rule: str) -> None:
        """The button may be pressed; the rule refuses."""
        self.sign_button.click()
        refused = self.page.get_by_role("dialog", name="没有成功")
        expect(refused).to_contain_text(rule)
        self.keep("签名被拒绝")
        refused.get_by_role("button", name="知道了").click()

    def close_drawer(self) -> None:
        self.drawer.get_by_role("button", name="关闭处方").click()
        expect(self.drawer).to_be_hidden()

    # --- ending -------------------------------------------------------------------------------

    def close(self) -> None:
        self.page.get_by_role("button", name="结束", exact=True).click()
        dialog = self.page.locator("#close")
        expect(dialog).to_be_visible()
        self.keep("结束问诊")
        dialog.get_by_role("button", name="结束问诊").click()
        expect(self.page.get_by_text("问诊已结束").first).to_be_visible()
        self.keep("医生-已结束")

    def refer(self, reason: str, note: str) -> None:
        self.page.get_by_role("button", name="转线下").click()
        dialog = self.page.locator("#refer")
        dialog.get_by_label(reason).check()
        dialog.get_by_label("给患者的话").fill(note)
        self.keep("转线下")
        dialog.get_by_role("button", name="转线下").click()
        expect(self.page.get_by_text("医生建议到线下就诊，问诊已结束")).to_be_visible()
        self.keep("医生-已转线下")

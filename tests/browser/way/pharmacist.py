"""The pharmacist's table: review by keyboard, dispense, hand to the courier."""

from dataclasses import dataclass

from playwright.sync_api import expect

from hospital.kernel.normalise import masked_name
from tests.browser.way.staff import Staff


@dataclass
class Pharmacist(Staff):
    def review(self, patient: str) -> None:
        self.go("审方")
        self.page.get_by_label("处方列表").get_by_role("link", name=masked_name(patient)).click()
        expect(self.page.get_by_role("article").get_by_role("heading")).to_contain_text(patient)
        self.keep("审方")

    def approve(self) -> None:
        """With one key."""
        self.page.locator("body").press("a")
        expect(self.page.get_by_text("已审核通过")).to_be_visible()
        self.keep("审核通过")

    def dispense(self, patient: str) -> None:
        self.go("发药")
        self.keep("待发药")
        self.page.locator("main a.row", has_text=masked_name(patient)).click()
        self.page.get_by_label("的批号").first.fill("20260301")
        self.keep("发药")
        self.page.get_by_role("button", name="核对无误，发药").click()
        expect(self.page.get_by_text("库存已扣减")).to_be_visible()
        self.page.get_by_role("button", name="交给快递").click()
        expect(self.page.get_by_text("已交给快递")).to_be_visible()
        self.keep("已交快递")

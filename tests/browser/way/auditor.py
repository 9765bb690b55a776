"""The audit administrator, who reads in the back office what happened, and nothing of illness."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.way.staff import Staff


@dataclass
class Auditor(Staff):
    def read_case(self, visit: str) -> list[str]:
        """From the trail to the timeline of one visit: the kinds of event, oldest first."""
        self.page.get_by_role("link", name="审计事件").first.click()
        self.page.locator("#searchbar").fill(visit)
        self.page.get_by_role("button", name="搜索").click()
        self.keep("审计记录")
        self.page.locator("#result_list tbody th a").first.click()
        self.keep("一条记录")
        self.page.get_by_role("link", name=visit).click()
        expect(self.page.get_by_role("table", name="就诊经过")).to_be_visible()
        self.keep("就诊经过")
        return self.page.locator(".case tbody small").all_inner_texts()

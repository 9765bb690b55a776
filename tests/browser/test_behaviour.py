"""What the shared scripts promise, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_unread_number_arrives_by_socket(on_page):
    def work(page, _seen):
        page.goto("/me/")
        expect(page).to_have_title(re.compile(r"^\(2\) "))
        return page.locator(".tabbar .dot").text_content()

    assert on_page("patient", work) == "2"


def test_whoever_is_signed_out_is_told_why(on_page):
    """The socket closes with 4401; what was typed is still in the tab."""

    def work(page, _seen):
        page.goto("/me/")
        page.evaluate('sessionStorage.setItem(\'kept:/x/\', \'{"person":"","values":[]}\')')
        page.context.clear_cookies()
        page.reload()
        page.goto("/sign-in/?ended=1")
        return page.locator("main [role=status]").inner_text()

    said = on_page("nameless", work)
    assert "为保护您的信息" in said
    assert "刚才填的内容还在" in said


def test_elder_mode_is_one_tap_and_stays(on_page):
    def work(page, _seen):
        page.goto("/")
        page.get_by_role("button", name="长辈版").first.click()
        page.wait_for_selector("html[data-size=elder]")
        page.goto("/sign-in/staff/")
        return page.locator("html").get_attribute("data-size")

    assert on_page(None, work) == "elder"


def test_english_is_one_tap_and_chinese_comes_back(on_page):
    def work(page, _seen):
        page.goto("/sign-in/")
        page.get_by_role("button", name="English").click()
        english = page.locator("h1").inner_text(), page.locator("html").get_attribute("lang")
        page.get_by_role("button", name="中文").click()
        return english, page.locator("h1").inner_text()

    assert on_page(None, work) == (("Sign in with your mobile", "en"), "手机号登录")


def test_an_english_browser_still_gets_chinese(on_page):
    def work(page, _seen):
        page.goto("/")
        return page.locator("html").get_attribute("lang")

    assert on_page(None, work) == "zh-Hans"


def test_a_wrong_number_is_explained_beside_the_field_which_has_the_focus(on_page):
    def work(page, _seen):
        page.goto("/sign-in/")
        page.fill("[name=phone]", "12")
        page.get_by_role("button", name="获取验证码").click()
        page.wait_for_selector("[aria-invalid=true]")
        error = page.locator("[name=phone]").get_attribute("aria-describedby")
        focused = page.evaluate("document.activeElement.name")
        return focused, page.locator(f"#{error}").inner_text()

    focused, words = on_page(None, work)
    assert focused == "phone"
    assert "11 位" in words


def test_a_form_is_sent_once_however_often_the_button_is_pressed(on_page):
    def passed(route, sent):
        if route.request.method == "POST":
            sent.append(1)
        route.continue_()

    def press(page, _seen):
        sent = []
        page.route("**/sign-in/", lambda route: passed(route, sent))
        page.goto("/sign-in/")
        page.fill("[name=phone]", "12")
        page.evaluate(
            "for (let i = 0; i < 3; i++) document.querySelector('form.sign .btn').click()"
        )
        page.wait_for_selector("[aria-invalid=true]")
        return len(sent)

    assert on_page(None, press) == 1


def test_without_scripts_the_first_page_reads_and_leads_on(platform, chromium):
    def work(browser):
        context = browser.new_context(java_script_enabled=False, base_url=platform.base)
        try:
            page = context.new_page()
            page.goto("/")
            page.get_by_role("link", name="用手机号登录").click()
            return page.locator("h1").inner_text()
        finally:
            context.close()

    assert chromium.do(work) == "手机号登录"


def test_a_refusal_is_read_in_a_dialog_and_the_page_stays(on_page):
    def work(page, _seen):
        page.goto("/inbox/")
        before = page.locator("main").inner_text()
        page.evaluate("void htmx.ajax('GET', '/inbox/?after=nonsense', { target: 'main' })")
        page.wait_for_selector("#refused[open]")
        return page.locator("main").inner_text() == before, page.locator("#refused").inner_text()

    stays, words = on_page("patient", work)
    assert stays
    assert "翻页的位置不对" in words


def test_a_fragment_after_the_sessions_end_leads_to_signing_in(on_page):
    def work(page, _seen):
        page.goto("/inbox/")
        page.context.clear_cookies()
        page.evaluate("void htmx.ajax('GET', '/inbox/', { target: 'main' })")
        page.wait_for_url("**/sign-in/?ended=1&next=%2Finbox%2F")
        return page.locator("h1").inner_text()

    assert on_page("nameless", work) == "手机号登录"


def test_what_was_typed_is_kept_but_never_what_opens_doors(on_page):
    def work(page, _seen):
        page.goto("/gallery/")
        page.fill("[name=word]", "头晕三天")
        page.fill("[name=id_number]", "110108195806170000")
        kept = page.evaluate("sessionStorage.getItem('kept:/gallery/')")
        page.reload()
        page.wait_for_selector(".toast")
        return kept, page.locator("[name=word]").input_value()

    kept, word = on_page("doctor", work)
    assert word == "头晕三天"
    assert "110108" not in kept

"""A person at a browser: logs in by the log-in page, reads pages, and checks each one as it opens."""

from playwright.sync_api import expect

from tests.factories.agencies import PASSWORD


class Visitor:
    """One user on one device. Every page that opens is checked: language, axe, no sideways scrolling."""

    def __init__(self, page, user, assert_accessible):
        self.page, self.user, self._accessible = page, user, assert_accessible
        self.page.set_default_timeout(20_000)

    def log_in(self):
        """Come in by the front door."""
        self.page.goto("/")
        self.reads("/accounts/login/", language=None)
        self.page.fill("[name=login]", self.user.username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("form[action='/accounts/login/'] button[type=submit]")
        expect(self.page.locator("[name=password]")).to_have_count(0)
        self.reads("")

    def reads(self, path, language=""):
        """The page at `path` is open: right in every respect a machine can see."""
        assert path in self.page.url, self.page.url
        if language is not None:
            expect(self.page.locator("html")).to_have_attribute("lang", self.user.language)
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url} is {wider} px wider than the screen"
        self._accessible(self.page)

    def opens(self, path):
        """Go there by its address."""
        self.page.goto(path)
        self.reads(path)

    def follows(self, href, path=None):
        """Click the visible link that leads to `href`."""
        self.page.locator(f"a[href*='{href}']:visible").first.click()
        self.page.wait_for_url(f"**{path or href}**")
        self.reads(path or href)

    def ticks(self, name, value):
        """Choose one answer by its label, as a finger or a mouse does."""
        self.page.locator(f"label:has(> input[name='{name}'][value='{value}'])").click()

    def presses(self, button, path):
        """Press a button that sends a form, and read the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        said = self.page.locator("main").inner_text()
        assert path in self.page.url, f"{button} led to {self.page.url}, not to {path}:\n{said}"
        self.reads(path)

    def settles(self):
        """Wait until htmx has put its answer into the page."""
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)

    def sees(self, words, within="main"):
        expect(self.page.locator(within).first).to_contain_text(words)

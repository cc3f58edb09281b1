"""Firefox and WebKit, driven by what they bring themselves (WebDriver BiDi, WebDriver)."""

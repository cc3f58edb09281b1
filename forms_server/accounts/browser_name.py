"""Readable browser names from user agents, for the list of sessions."""

_BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("QQBrowser", "QQ 浏览器"), ("360SE", "360 浏览器"),
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""Sign in the user agent to name; the special ones first, since they call themselves Chrome or Safari too."""

_SYSTEMS = (
    ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "iPad"), ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Browser and kind of device, such as ``微信，安卓手机``."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "浏览器")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "未知设备")
    return f"{browser}，{system}"

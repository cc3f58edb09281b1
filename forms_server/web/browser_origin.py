"""Where a request comes from: browser, network address, and the cookie by which the device may be known."""

from flask import request

from forms_server.accounts.networks import client_address
from forms_server.accounts.signing_in import Browser
from forms_server.web.cookies import DEVICE, read_cookie
from forms_server.web.current_services import services


def browser() -> Browser:
    """The browser of this request."""
    config = services().config
    return Browser(
        client=request.user_agent.string,
        address=client_address(
            request.remote_addr, request.headers.get("X-Forwarded-For", ""), config.policy.trusted_proxies
        ),
        device=read_cookie(config, DEVICE),
    )

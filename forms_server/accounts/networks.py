"""Network addresses of clients: through which proxies, and which belong to one subscriber."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from forms_server.account_policy import Network

UNKNOWN = "unknown"
"""The network of a client whose address nobody gave."""

_SUBSCRIBER_V6 = 64
"""An IPv6 subscriber has a whole /64 and changes addresses in it at will."""


def client_address(peer: str | None, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of the client, as the last trusted proxy saw it; empty if there is none.

    Args:
        peer: who opened the connection.
        forwarded: the header ``X-Forwarded-For``; anybody may have written its beginning, so it is read from its end.
        trusted: networks of the proxies that are believed.
    """
    seen = _address(peer or "")
    for hop in reversed(forwarded.split(",")):
        if seen is None or not any(seen in network for network in trusted):
            break
        before = _address(hop.strip())
        if before is None:
            break
        seen = before
    return str(seen) if seen else ""


def network_of(address: str) -> str:
    """What is counted together: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = _address(address)
    if parsed is None:
        return UNKNOWN
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(ip_network((parsed, _SUBSCRIBER_V6), strict=False))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address; IPv4 in IPv6 notation is IPv4."""
    try:
        parsed = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed

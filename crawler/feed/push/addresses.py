"""Which addresses may be reached: every one that a name resolves to is checked, and a checked one is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

P = TypeVar("P", bound=asyncio.BaseProtocol)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
METADATA = frozenset(
    ipaddress.ip_address(one)
    for one in ("169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254")
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LONGEST_URL = 2000


class Forbidden(Exception):
    """An address that nothing is sent to, and the message says which and why."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an operator allows beyond public addresses."""

    private_hosts: frozenset[str] = frozenset()
    loopback: bool = False


def check_url(url: str, allowed: Allowed) -> str:
    """Return an endpoint's address, or raise Forbidden: https, but for the operator's own hosts."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("the address can't be read") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > LONGEST_URL or not url.isascii():
        raise Forbidden("an https address was expected")
    if parts.username or parts.password or parts.fragment or port == 0 or any(c <= " " for c in url):
        raise Forbidden("an address without user, password and fragment was expected")
    host = parts.hostname.lower()
    if parts.scheme == "http" and not (host in allowed.private_hosts or (allowed.loopback and _names_loopback(host))):
        raise Forbidden("plain http is only for hosts that the operator named as private, or loopback")
    return url


def check(host: str, addresses: Iterable[str], allowed: Allowed) -> list[str]:
    """Return the addresses that a host resolved to, or raise Forbidden if any of them may not be reached."""
    found = [str(one).partition("%")[0] for one in addresses]
    if not found:
        raise Forbidden(f"{host} has no address")
    for text in found:
        why = _refused(_bare(ipaddress.ip_address(text)), host.lower(), allowed)
        if why:
            raise Forbidden(f"{host} leads to {text}: {why}")
    return found


def _refused(address: Address, host: str, allowed: Allowed) -> str:
    if address in METADATA or address.is_link_local:
        return "an address of the machine's own network or of a cloud's metadata"
    if address.is_multicast or address.is_unspecified:
        return "no host"
    if address.is_loopback:
        return "" if allowed.loopback else "loopback, and FALSETTO_WEBHOOK_LOOPBACK is off"
    if not address.is_global:
        return "" if host in allowed.private_hosts else "private, and not in FALSETTO_WEBHOOK_PRIVATE_HOSTS"
    return ""


def _bare(address: Address) -> Address:
    """Take an IPv4 address out of the IPv6 forms that carry one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address.teredo is not None:
            return address.teredo[1]
        if address in NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _names_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def resolved(host: str, port: int) -> Sequence[str]:
    """Ask the system for a host's addresses."""
    rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in rows]


async def connected(
    host: str,
    port: int,
    allowed: Allowed,
    resolve: Resolve,
    connect: Callable[[str], Coroutine[Any, Any, tuple[Any, P]]],
) -> P:
    """Connect to the first checked address that answers, not to a name that may resolve otherwise a moment later."""
    try:
        found = await resolve(host, port)
    except (OSError, UnicodeError) as fault:
        raise ConnectionError(f"{host} can't be resolved") from fault
    last: OSError = ConnectionError("no address")
    for address in dict.fromkeys(check(host, found, allowed)):
        try:
            return (await connect(address))[1]
        except OSError as fault:
            last = fault
    raise last

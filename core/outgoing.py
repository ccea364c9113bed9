"""Calls to addresses that people type: the one guard against being sent into the house's own network.

Server-side request forgery (CWE-918): whoever may type an address could make the server call what only it reaches. So:
``http`` or ``https`` only; every address that the name stands for must be public, unless the operator allows it; the
call goes to the address that was judged, however the name resolves a moment later; no redirect is
followed, no proxy is asked, the answer is cut off, and the whole call has one deadline.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from core.errors import InvalidInput, Unavailable

LONGEST_ADDRESS = 2_000
LARGEST_ANSWER = 65_536
SECONDS = 10.0
_TRANSLATED = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a call goes: the address as it was typed, and the numeric address that was judged."""

    url: httpx.URL
    address: str

    @property
    def pinned(self) -> httpx.URL:
        """Return the address with the name replaced by what it was judged as."""
        return self.url.copy_with(host=self.address)


def parse(text: str) -> httpx.URL:
    """Return an address that may be called, as far as its text tells.

    Raises
    ------
    InvalidInput
        It is no web address, or holds a name and a password.
    """
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in {"http", "https"} or not url.host or len(text) > LONGEST_ADDRESS:
        raise InvalidInput(f"{text[:80]!r} is no web address. Give one that begins with https:// or http://.")
    if url.userinfo:
        raise InvalidInput("A web address may not hold a name and a password. Leave out what stands before the @.")
    return url


def is_public(address: str) -> bool:
    """Tell whether a numeric address is one of the open internet, however it is wrapped."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _wrapped(found)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address carries: mapped, 6to4 or translated."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def allows(allowed: Sequence[str], host: str, address: str) -> bool:
    """Tell whether the operator allows an address that is not public: by the host's name, or by its network."""
    return any(_is_of(entry, host, address) for entry in allowed)


def _is_of(entry: str, host: str, address: str) -> bool:
    if entry.lower() == host.lower():
        return True
    try:
        return ip_address(address.partition("%")[0]) in ip_network(entry, strict=False)
    except ValueError:
        return False


async def destination(text: str, allowed: Sequence[str]) -> Destination:
    """Resolve an address and judge everything that it stands for.

    Raises
    ------
    InvalidInput
        It may not be called.
    Unavailable
        Its name is not known.
    """
    url = parse(text)
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"The name {url.host} is not known. Check the address.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    closed = [a for a in addresses if not is_public(a) and not allows(allowed, url.host, a)]
    if closed or not addresses:
        raise InvalidInput(
            f"{url.host} is in a private network, which Fullcircle does not call. The operator may allow it with "
            "FULLCIRCLE_OUTGOING_ALLOWED."
        )
    return Destination(url=url, address=addresses[0])


def post(text: str, content: bytes, *, headers: Mapping[str, str], allowed: Sequence[str]) -> None:
    """Send a body to an address that a person typed; it must answer with a status from 200 to 299.

    Raises
    ------
    InvalidInput
        The address may not be called.
    Unavailable
        It does not answer in time, or refuses.
    """
    host = parse(text).host
    try:
        status = asyncio.run(asyncio.wait_for(_post(text, content, headers, allowed), SECONDS))
    except TimeoutError as error:
        raise Unavailable(
            f"{host} does not answer within {SECONDS:.0f} s. Check the address, then send again."
        ) from error
    except (httpx.HTTPError, ssl.SSLError) as error:
        reason = str(error).strip() or type(error).__name__
        raise Unavailable(f"{host} cannot be reached ({reason[:200]}). Check the address, then send again.") from error
    if 300 <= status < 400:
        raise Unavailable(f"{host} answers with a redirect ({status}), which is not followed. Give the final address.")
    if not 200 <= status < 300:
        raise Unavailable(f"{host} refuses the message (status {status}). Check the address there, then send again.")


async def _post(text: str, content: bytes, headers: Mapping[str, str], allowed: Sequence[str]) -> int:
    target = await destination(text, allowed)
    async with httpx.AsyncClient(
        follow_redirects=False, trust_env=False, timeout=SECONDS, verify=ssl.create_default_context()
    ) as client:
        request = client.build_request(
            "POST",
            target.pinned,
            content=content,
            headers={**headers, "host": target.url.netloc.decode("ascii")},
            extensions={"sni_hostname": target.url.raw_host.decode("ascii")},
        )
        answer = await client.send(request, stream=True)
        read = 0
        async for part in answer.aiter_raw():  # raw: a small body cannot unfold into a large one
            read += len(part)
            if read > LARGEST_ANSWER:
                break
        await answer.aclose()
        return answer.status_code

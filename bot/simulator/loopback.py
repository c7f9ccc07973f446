"""The simulator speaks to this machine only."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def is_loopback(name: str) -> bool:
    """Whether an address or host name means this machine. IPv4 in IPv6 clothes counts."""
    bare = name.strip("[]").partition("%")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return bare.lower() == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def host_of(header: str) -> str:
    """The name in a Host header, without its port."""
    if header.startswith("["):
        return header.partition("]")[0]
    return header.partition(":")[0]


@web.middleware
async def loopback_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """403 for every peer that is not this machine, for forwarded requests, and for a foreign Host name.

    The last one closes DNS rebinding: a page elsewhere whose name was made to point here.
    """
    foreign = (
        not is_loopback(request.remote or "")
        or any(header in request.headers for header in FORWARDED)
        or not is_loopback(host_of(request.headers.get("Host", "")))
    )
    if foreign:
        raise web.HTTPForbidden(text="loopback only")
    return await handler(request)


POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@web.middleware
async def own_pages_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """403 for a form that another site's page sends here; every answer forbids whatever is not ours."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin is not None:
        own = f"{request.scheme}://{request.headers.get('Host', '')}"
        if origin != own:
            raise web.HTTPForbidden(text="another site's form")
    answer = await handler(request)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer

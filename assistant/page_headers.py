"""Headers that keep a page of ours to itself."""

from urllib.parse import urlsplit


def security_headers(public_url: str) -> dict[str, str]:
    """Headers of every response: the page uses nothing from elsewhere, and nobody may frame it."""
    # Older Safari does not count a WebSocket of the same host as 'self'.
    address = urlsplit(public_url)
    socket = f"{'wss' if address.scheme == 'https' else 'ws'}://{address.netloc}"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self' {socket}",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    # For a year, so that nobody on the way can hand out a page of ours over plain HTTP.
    transport = {"Strict-Transport-Security": "max-age=31536000"} if address.scheme == "https" else {}
    return {
        **transport,
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

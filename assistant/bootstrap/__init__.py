"""The one place where processes are put together: settings in, application out.

One module a process, so that none imports what only another one needs; uvicorn calls its `create`.
"""

LOGIN_CALLBACK = "/v1/login/callback"
"""Where a citizen comes back to from the login service: part of the gateway's surface and of its registration there."""
CONSOLE_CALLBACK = "/sign-in/callback"
"""The same for an editor, of the console's surface."""

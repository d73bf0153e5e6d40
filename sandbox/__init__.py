"""Stand-in platforms on loopback, all serving one synthetic world.

Imports nothing else of ours, so that a mistake is not made twice. The server itself is imported when it is asked
for: who only starts one in a child process need not wait for it.
"""

from typing import TYPE_CHECKING, Any

from sandbox.server.running import Sandbox, SandboxRefused, running
from sandbox.server.virtual_clock import Dial

if TYPE_CHECKING:
    from sandbox.server.serving import serve

__all__ = ["Dial", "Sandbox", "SandboxRefused", "running", "serve"]


def __getattr__(name: str) -> Any:
    """Import the server late."""
    if name != "serve":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sandbox.server.serving import serve

    return serve

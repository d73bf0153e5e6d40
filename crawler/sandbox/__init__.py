"""Stand-in platforms on loopback, all serving one synthetic world.

Imports nothing else of ours, so that a mistake is not made twice.
"""

from crawler.sandbox.running import Sandbox, SandboxRefused, running
from crawler.sandbox.serving import serve

__all__ = ["Sandbox", "SandboxRefused", "running", "serve"]

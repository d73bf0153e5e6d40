"""The HTTP API in tests: the real server on loopback, in a thread or as the command in a process of its own."""

import signal
import subprocess
import sys

from sandbox.loopback import running

__all__ = ["Serve", "running"]


class Serve:
    """A `falsetto serve` in a process of its own."""

    def __init__(self, folder, words, environment):
        command = [sys.executable, "-m", "crawler", *words, "--port", "0"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said = self.process.stdout.readline()
        self.url = self.said.removeprefix("serving on ").strip()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode

"""Stand-in detection systems on loopback: what an operator connects Falsetto to, with nobody's audio heard."""

from sandbox.detectors.serving import Detectors, running

__all__ = ["Detectors", "running"]

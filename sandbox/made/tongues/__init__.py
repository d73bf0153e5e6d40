"""What invented people, bands, labels and titles are called in many languages; nobody real is meant."""

from sandbox.made.tongues.latin import LATIN
from sandbox.made.tongues.scripts import SCRIPTS
from sandbox.made.tongues.tongue import Tongue

TONGUES: dict[str, Tongue] = {tongue.name: tongue for tongue in (*LATIN, *SCRIPTS)}

"""Write crawler/resemblance/data/confusables.txt: every character that UTS #39 reads as Latin letters.

Needs PyICU, whose ICU carries the Unicode security data: `python -m benchmarks.resemblance.confusables`.
"""

import unicodedata
from pathlib import Path

OUT = Path("crawler/resemblance/data/confusables.txt")
NOTICE = """\
# Characters that Unicode Technical Standard #39 (confusables) reads as Latin letters or digits.
# Derived from the Unicode security data, version {unicode}, as shipped in ICU {icu}: skeletons without overlay
# marks, small capitals written as their letters. MODIFIED from the original data files.
# Copyright 1991-2022 Unicode, Inc. All rights reserved. Distributed under the Unicode licence, whose text is
# beside this file (UNICODE-LICENSE.txt).
# One line each: code point, the letters it looks like.
"""
SMALL = "LATIN LETTER SMALL CAPITAL "
EXTRA = {"ĸ": "k", "ʍ": "m", "ɑ": "a", "ı": "i", "ɩ": "i"}


def latin(skeleton: str) -> str:
    """Write a skeleton in ASCII where every sign of it has a Latin letter."""
    said = []
    for sign in unicodedata.normalize("NFKD", skeleton):
        name = unicodedata.name(sign, "")
        if unicodedata.combining(sign):
            continue
        if name.startswith(SMALL) and len(name) == len(SMALL) + 1:
            sign = name[-1].lower()
        said.append(EXTRA.get(sign, sign))
    return "".join(said)


def main() -> None:
    """Write the table."""
    import icu

    checker = icu.SpoofChecker()
    lines = [NOTICE.format(unicode=icu.UNICODE_VERSION, icu=icu.ICU_VERSION)]
    for point in range(0x80, 0x110000):
        sign = chr(point)
        if unicodedata.category(sign)[0] in "CM":
            continue
        seen = latin(checker.getSkeleton(0, sign))
        if seen in ("rn", "RN"):
            seen = "m"
        plain = latin(sign)
        if seen.isascii() and seen.isalnum() and seen.lower() != plain.lower():
            lines.append(f"{point:04X} {seen}\n")
    OUT.write_text("".join(lines))
    print(f"{len(lines) - 1} characters written to {OUT}")


if __name__ == "__main__":
    main()

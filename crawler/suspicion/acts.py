"""Which pages of one name are one act: those that share releases; or, where each platform has but one, by the name."""

from collections import Counter
from collections.abc import Collection, Mapping


def act_groups(platform_of: Mapping[int, str], shares: Mapping[int, Collection[int]]) -> dict[tuple[int, ...], str]:
    """Group pages (row id -> platform) by the release groups they list; each group with its basis."""
    group = {page: {page} for page in platform_of}
    by_release: dict[int, list[int]] = {}
    for page, releases in sorted(shares.items()):
        for one in releases:
            by_release.setdefault(one, []).append(page)
    for together in by_release.values():
        for other in together[1:]:
            _join(group, together[0], other)
    if max(Counter(platform_of.values()).values(), default=0) <= 1:
        first, *others = sorted(platform_of)
        for other in others:
            _join(group, first, other)
        return {tuple(sorted(platform_of)): "name" if others else "alone"}
    found = {tuple(sorted(members)) for members in group.values()}
    return {members: "alone" if len(members) == 1 else "shared release" for members in sorted(found)}


def _join(group: dict[int, set[int]], a: int, b: int) -> None:
    if group[a] is not group[b]:
        joined = group[a] | group[b]
        for page in joined:
            group[page] = joined

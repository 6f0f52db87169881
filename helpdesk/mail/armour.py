"""A signature of PGP that stands in the text itself (RFC 9580 7): what was signed, without what was put around it."""

from __future__ import annotations

from collections.abc import Sequence

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
END = "-----END PGP SIGNATURE-----"
ESCAPE = "- "  # before each line of the signed text that begins with a dash


def without(lines: Sequence[str]) -> list[str]:
    """The lines without the armour; a signature that somebody only quotes stays, it is quoted."""
    bare = [line.rstrip() for line in lines]
    if SIGNED not in bare:
        return list(lines)
    begin = bare.index(SIGNED)
    first = next((number + 1 for number in range(begin, len(bare)) if not bare[number]), len(bare))
    last = bare.index(SIGNATURE, first) if SIGNATURE in bare[first:] else len(bare)
    end = bare.index(END, last) + 1 if END in bare[last:] else len(bare)
    signed = [line.removeprefix(ESCAPE) for line in lines[first:last]]
    return [*lines[:begin], *signed, *lines[end:]]

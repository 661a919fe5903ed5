"""What a source may cost, and how it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one source, whatever it consists of: each is for the whole, and has a default for the public net.

    ``seconds`` runs from the first look-up of a name to the written file. ``size`` counts bytes as they are after
    unpacking. ``private`` allows the addresses of the machine itself and of its own network.
    """

    seconds: float = 60.0
    size: int = 32 * MIB
    files: int = 2000
    catalogues: int = 100
    hops: int = 5
    tries: int = 3
    private: bool = False

    @property
    def memory(self) -> int:
        """What the process that reads may take beside the program: parsed text is many times its size."""
        return 512 * MIB + 24 * self.size


class Refused(Exception):  # noqa: N818 - mostly no error of ours, but an answer to the person who named the source
    """A source, or a part of it, that is not taken, and why, in both languages.

    ``again`` tells that the same request may succeed soon, ``wait`` after how many seconds the server said so.
    """

    def __init__(self, english: str, japanese: str, *, again: bool = False, wait: float = 0) -> None:
        super().__init__(english)
        self.english, self.japanese, self.again, self.wait = english, japanese, again, wait


def too_large(bounds: Bounds) -> Refused:
    """Said of a source with more bytes than it may have."""
    most = f"{bounds.size / MIB:g}"
    return Refused(
        f"it has more than {most} MiB: if it is to be trusted, raise --max-size",
        f"{most} MiBを超えます。信頼できる相手なら --max-size を増やしてください",
    )

"""Tools of a shop, as a user would write them."""
import asyncio
import os
from dataclasses import dataclass
from enum import Enum
from typing import AsyncGenerator, List, Literal, Optional

from prices import PRICES


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


@dataclass
class Address:
    street: str
    number: int = 1


def price(item: str, count: int = 1, note: Optional[str] = None) -> float:
    """Says what something costs.

    Longer words.

    Args:
        item: What to buy.
        count (int): How many,
            at least one.

    Returns:
        The price.
    """
    return PRICES[item] * count


def everything(
    names: List[str], size: Size, kind: Literal["a", "b"], where: Address, ratio: float, on: bool, more: dict
) -> dict:
    """Takes every kind of argument."""
    return {"names": names, "size": size.name, "kind": kind, "street": where.street, "more": more}


def untyped(first, **rest):
    return f"{first} {sorted(rest)}"


async def slow(steps: int) -> AsyncGenerator[str, None]:
    """Counts."""
    for step in range(steps):
        yield f"step {step + 1}"
        await asyncio.sleep(0)
    yield "done"


def where_am_i() -> dict:
    return {
        "cwd": os.getcwd(),
        "variables": sorted(name for name in os.environ if "KEY" in name or "TOKEN" in name),
        "key": os.environ.get("SHOP_KEY"),
        "home": os.path.exists(os.path.expanduser("~/.bashrc")),
        "hidden": os.path.exists(os.path.join(os.path.dirname(__file__), ".env")),
    }


def fails():
    raise ValueError("no such thing")


def crashes():
    print("last words", file=__import__("sys").stderr, flush=True)
    os._exit(7)


def hangs():
    __import__("time").sleep(600)


def gives_object():
    return object()

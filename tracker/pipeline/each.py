"""Run a step over many items: a bug in one neither stops the others nor goes unheard."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tracker.domain.errors import StoreError, TrackerError
from tracker.log import log

Item = TypeVar("Item")
Result = TypeVar("Result")
GoesOn = Callable[[], bool]
"""Whether a turn may begin one more thing."""


def always() -> bool:
    """A turn that ends when all is done."""
    return True


@dataclass
class Tally:
    """What came of a step: how many items, what was counted, how many bugs were met."""

    done: int = 0
    counted: dict[str, int] = field(default_factory=dict)
    bugs: int = 0

    def count(self, what: str, number: int = 1) -> None:
        """Add to a count."""
        self.counted[what] = self.counted.get(what, 0) + number

    def __getitem__(self, what: str) -> int:
        return self.counted.get(what, 0)


def batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in their order, some at a time: what they need is loaded for so many at once."""
    return (items[start : start + size] for start in range(0, len(items), size))


def run_each(
    items: Iterable[Item],
    step: Callable[[Item], None],
    tally: Tally,
    on_bug: Callable[[Item, Exception], None],
) -> None:
    """Run the step on each item. A StoreError ends the run: no other item would fare better.

    Anything unexpected is a bug: logged with its traceback, counted, and noted by ``on_bug``,
    which brings the item into quarantine after some tries.
    """
    for item in items:
        try:
            step(item)
        except StoreError:
            raise
        except TrackerError as error:
            log.warning("item failed", item=repr(item)[:120], reason=str(error))
            on_bug(item, error)
        except Exception as bug:
            log.exception("bug", step=getattr(step, "__name__", repr(step)), item=repr(item)[:120])
            tally.bugs += 1
            on_bug(item, bug)
        tally.done += 1


def run_together(
    items: Sequence[Item],
    step: Callable[[Sequence[Item]], None],
    tally: Tally,
    on_bug: Callable[[Item, Exception], None],
) -> None:
    """Run a step on many items in one transaction; where that fails, on each by itself."""
    try:
        step(items)
    except StoreError:
        raise
    except Exception:
        log.info("many at once failed: each by itself", exc_info=True)
        run_each(items, lambda item: step([item]), tally, on_bug)
    else:
        tally.done += len(items)


def guarded(
    work: Callable[[Item], Result], failed: Callable[[Item, Exception], Result]
) -> Callable[[Item], Result]:
    """Wrap work that runs beside other items: a bug becomes the result that ``failed`` makes."""

    def do(item: Item) -> Result:
        try:
            return work(item)
        except StoreError:
            raise
        except Exception as bug:
            log.exception("bug", step=getattr(work, "__name__", repr(work)), item=repr(item)[:120])
            return failed(item, bug)

    return do

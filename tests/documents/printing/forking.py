"""A printing process that is forked from the test, as an installation forks its own; it knows what the test changed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.documents.printing import orders
from portal.documents.printing.channel import PrintingChannel
from portal.documents.printing.process import PrintingProcess


@contextmanager
def forked_printing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within the block, all that is printed here is printed by that process."""
    channel = PrintingChannel()
    receiver = channel.open()
    pid = os.fork()
    if not pid:
        channel.close()
        try:
            PrintingProcess(receiver, lambda: None).run()
        finally:
            os._exit(0)
    receiver.close()
    try:
        with monkeypatch.context() as changes:
            changes.setattr(orders, "CHANNEL", channel)
            yield
    finally:
        channel.close()
        os.waitpid(pid, 0)

"""Undo the compression of an answer without ever holding more than is allowed."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import brotli

from tracker.domain.errors import FetchError

ENCODINGS = "gzip, deflate, br"
"""What we say we accept."""

GZIP_MAGIC = b"\x1f\x8b"
ANY_HEADER = 32 + zlib.MAX_WBITS
RAW_DEFLATE = -zlib.MAX_WBITS
KNOWN = frozenset({"gzip", "x-gzip", "deflate", "br"})
PIECE = 256 * 1024
"""Bytes that are unpacked at a time."""


class Inflater:
    """Collects an answer's bytes; FetchError ``too_big`` above ``most`` bytes, inflated.

    One that ``cuts`` takes the first ``most`` bytes instead, and ``is_full`` then. What begins as
    gzip is unpacked, said or not. ``at_size`` is called with the number of bytes before more of
    them are taken.
    """

    def __init__(
        self,
        encoding: str,
        most: int,
        at_size: Callable[[int], None] = lambda _size: None,
        *,
        cuts: bool = False,
    ) -> None:
        self._at_size = at_size
        self._cuts, self.is_full = cuts, False
        self._most = most
        self._body = io.BytesIO()  # gives what it holds without a copy
        self._started = False
        self._first = b""
        self._stream: zlib._Decompress | None = None
        codings = [c for c in encoding.lower().replace(" ", "").split(",") if c and c != "identity"]
        if len(codings) > 1 or not KNOWN.issuperset(codings):
            raise FetchError(
                f"the answer is encoded as {encoding[:60]!r}, which was not asked for",
                cause="broken_answer",
            )
        self._packed = bool(codings)
        self._brotli = brotli.Decompressor() if codings == ["br"] else None

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        if not data or self.is_full:
            return
        if self._brotli is not None:
            self._unpack_brotli(self._brotli, data)
            return
        if not self._started:
            data, self._first = self._first + data, b""
            if len(data) < len(GZIP_MAGIC):
                self._first = data
                return
            self._start(data)
        if self._stream is None:
            self._add(data)
        else:
            self._unpack(data)

    def finish(self) -> bytes:
        """Give the whole body; FetchError ``broken_answer`` when the end is missing."""
        if self.is_full:
            return self._body.getvalue()
        if self._first:
            self._add(self._first)
        unfinished = self._stream is not None and not self._stream.eof
        if unfinished or (self._brotli is not None and not self._brotli.is_finished()):
            raise FetchError("the compressed answer breaks off", cause="broken_answer")
        return self._body.getvalue()

    def _start(self, data: bytes) -> None:
        """Look at the first bytes: servers also call raw deflate and plain text compressed."""
        self._started = True
        if not self._packed and not data.startswith(GZIP_MAGIC):
            return
        zlib_header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0
        if data.startswith(GZIP_MAGIC) or zlib_header:
            self._stream = zlib.decompressobj(ANY_HEADER)
        elif data[:1] not in b"<{ \t\r\n\xef\xfe\xff":
            self._stream = zlib.decompressobj(RAW_DEFLATE)

    def _unpack_brotli(self, stream: Any, data: bytes) -> None:
        try:
            self._add(stream.process(data, output_buffer_limit=PIECE))
            while not (self.is_full or stream.can_accept_more_data()):
                self._add(stream.process(b"", output_buffer_limit=PIECE))
        except brotli.error as error:
            raise FetchError(
                f"the answer is not compressed as it says ({error})", cause="broken_answer"
            ) from error

    def _unpack(self, data: bytes) -> None:
        while data and self._stream is not None and not self.is_full:
            if self._stream.eof:
                if not data.startswith(GZIP_MAGIC):
                    return  # what follows the last member is padding, as for gzip itself
                self._stream = zlib.decompressobj(ANY_HEADER)
            some = self._decompress(self._stream, data)
            self._add(some)
            data = self._stream.unconsumed_tail or self._stream.unused_data
            while (
                not data and len(some) == PIECE and not self.is_full
            ):  # what is held back came with the same bytes
                some = self._decompress(self._stream, b"")
                self._add(some)
                data = self._stream.unconsumed_tail or self._stream.unused_data

    def _decompress(self, stream: "zlib._Decompress", data: bytes) -> bytes:
        try:
            return stream.decompress(data, PIECE)
        except zlib.error as error:
            raise FetchError(
                f"the answer is not compressed as it says ({error})", cause="broken_answer"
            ) from error

    def _add(self, data: bytes) -> None:
        size = self._body.tell() + len(data)
        self._at_size(size)
        if size >= self._most and self._cuts:
            self.is_full = True
            data = data[: self._most - self._body.tell()]
        elif size > self._most:
            raise FetchError(
                f"more than {self._most:,} bytes when unpacked: refused", cause="too_big"
            )
        self._body.write(data)

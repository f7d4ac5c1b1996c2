"""Who reads a page: the first provider of a chain that can, and who of it could not, and why."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from folio.config.options import AUTO, Options
from folio.deadline import Deadline
from folio.errors import (
    BlurredWriting,
    CallBudgetExceeded,
    FolioError,
    Misconfigured,
    ToolMissing,
    Unavailable,
    UnknownLanguage,
    UnreadableScript,
)
from folio.models import Ink, PageImage, PageText, Preparation, ReadPage, SealText, SkippedProvider
from folio.providers import auto
from folio.providers.base import DataReader, Provider, SealReader
from folio.providers.cost import Ledger
from folio.providers.registry import is_paid, preparation_of
from folio.providers.scripts import not_read_by_ppocr
from folio.text.confidence import confidence_of

_MIN_WITH_DATA = 0.6  # confidence of a reading with the data of the page's language; less is nothing to use
# What the next provider may do better. Everything else is an answer.
_NEXT = (Misconfigured, Unavailable, CallBudgetExceeded, UnreadableScript)


class Chain:
    """The providers of one document, in order. Serves several threads."""

    def __init__(self, find: Callable[[str], Provider], options: Options, ledger: Ledger, page_timeout: float) -> None:
        self.names = auto.resolved(options)
        self._providers = [find(name) for name in self.names]
        self._skipped = auto.skipped(options)
        self._options = options
        self._ledger = ledger
        self._page_timeout = page_timeout  # seconds, for each provider that is asked
        self._out: dict[str, Misconfigured] = {}  # what an operator must mend is not tried page after page

    def check(self) -> None:
        """Refuse options that one of them cannot serve, and a chain in which none can be used.

        Raises BadOption, or Misconfigured of the first.
        """
        for provider in self._providers:
            try:
                provider.check(self._options)
            except Misconfigured as error:
                self._out[provider.name] = error
        if len(self._out) == len(self._providers):
            raise self._out[self._providers[0].name]

    def version(self) -> str | None:
        """Of the first provider; null if it is not here."""
        try:
            return self._providers[0].version()
        except ToolMissing:
            return None

    def check_budget(self, pages: int, free: Callable[[], int] = lambda: 0) -> None:
        """Refuse a document that would need more calls than it may, if only paid providers can read it.

        `free` counts the pages that nobody need be asked for; it is not cheap, and called only if it matters.
        """
        if self.is_paid:
            self._ledger.require(pages if pages <= self._options.max_calls else pages - free())

    @property
    def is_paid(self) -> bool:
        """Whether nobody in the chain reads for nothing."""
        return all(is_paid(name) for name in self.names)

    def read(
        self,
        prepared: Callable[[Preparation], PageImage],
        deadline: Deadline,
        *,
        free_only: bool = False,
        once: bool = False,
    ) -> ReadPage:
        """The page's text from the first that can read it, or the most confident of those that were asked.

        `prepared` gives the page as the kind of engine that is to be asked likes it.
        Goes on to the next at an exhausted quota, at what is wrongly set up, at throttling and faults that lasted, at
        too many calls, at a script it does not read, and at a reading below `min_confidence`; never at an answer. But
        where whoever read a page does not know all letters of its language, who has data of that is asked. With
        `free_only` paid providers are not asked, with `once` there is no second pass. Raises the first one's error if
        nobody could read it, but the last of those that are about its script, or the first that says it is blurred.
        """
        reading = self._first(prepared, deadline, free_only=free_only, once=once)
        options = self._options_after(None, once=once)
        if (other := self._with_data(reading.text, prepared, options, deadline)) is None:
            return reading
        skipped_providers = (*reading.skipped_providers, _without_letters(reading))
        return msgspec.structs.replace(other, skipped_providers=skipped_providers)

    def _first(
        self, prepared: Callable[[Preparation], PageImage], deadline: Deadline, *, free_only: bool, once: bool
    ) -> ReadPage:
        best: ReadPage | None = None
        first_error: FolioError | None = None
        skipped_providers = [*self._skipped]
        for provider in self._providers:
            if free_only and is_paid(provider.name):
                continue
            try:
                options = self._options_after(first_error, once=once)
                reading = self._ask(provider, prepared, options, deadline)
            except FolioError as error:
                if best is None and (not isinstance(error, _NEXT) or deadline.passed()):
                    raise
                first_error = _telling(first_error, error)
                skipped_providers.append(SkippedProvider(provider.name, type(error).__name__, error.message))
                continue
            best, worse = (reading, best) if best is None or _higher(reading, best) else (best, reading)
            if worse:
                skipped_providers.append(_unsure(worse))
            if not self._is_unsure(best.text):
                break
        if best is None:
            raise first_error or Misconfigured("There is no provider to read with.")
        return msgspec.structs.replace(best, skipped_providers=tuple(skipped_providers))

    def read_seals(self, inks: Sequence[Ink], deadline: Deadline) -> list[SealText]:
        """Return what is written on seals and watermarks, of each one's ink; nothing where none of the providers can.

        A failure leaves that one, and those after a deadline that passed, without text.
        """
        usable = (one for one in self._providers if one.name not in self._out)
        reader = next((one for one in usable if isinstance(one, SealReader)), None)
        return [self._seal_text(reader, ink, deadline) for ink in inks] if reader else []

    def _seal_text(self, reader: SealReader, ink: Ink, deadline: Deadline) -> SealText:
        with suppress(FolioError):
            return reader.read_seal(ink, deadline.within(self._page_timeout))
        return SealText()

    def _with_data(
        self, read: PageText, prepared: Callable[[Preparation], PageImage], options: Options, deadline: Deadline
    ) -> ReadPage | None:
        """Return a page read by who has data of its language, if whoever read it does not know its letters.

        None if nobody has it or can read the page with it: then what was read of it is all there is.
        """
        unknown = read.unknown_letters
        if unknown is None or unknown.code is None or not unknown.is_most:
            return None
        options = msgspec.structs.replace(options, languages=(unknown.code,))
        for provider in self._providers:
            with suppress(FolioError):
                if isinstance(provider, DataReader) and unknown.code in provider.languages:
                    other = self._ask(provider, prepared, options, deadline)
                    if confidence_of(other.text) >= _MIN_WITH_DATA:
                        text = msgspec.structs.replace(other.text, script=read.script)
                        return msgspec.structs.replace(other, text=text)
        return None

    def _options_after(self, error: FolioError | None, *, once: bool) -> Options:
        """Return the options of the next one who is asked, after an error of those before."""
        options = msgspec.structs.replace(self._options, second_pass=0) if once else self._options
        if isinstance(error, UnreadableScript):
            return msgspec.structs.replace(options, languages=(AUTO, *not_read_by_ppocr()))
        return options

    def _ask(
        self,
        provider: Provider,
        prepared: Callable[[Preparation], PageImage],
        options: Options,
        deadline: Deadline,
    ) -> ReadPage:
        if error := self._out.get(provider.name):
            raise error
        kind = preparation_of(provider.name)
        try:
            page = prepared(kind)
            text = provider.recognize(page, options, deadline.within(self._page_timeout), self._ledger)
        except Misconfigured as error:
            self._out[provider.name] = error
            raise
        return ReadPage(text, provider.name, preparation=kind)

    def _is_unsure(self, text: PageText) -> bool:
        """Nothing on a page that is not blank is no sure reading either."""
        if text.confidence is None:
            return bool(self._options.min_confidence) and not text.text
        return text.confidence < self._options.min_confidence


def _telling(first: FolioError | None, error: FolioError) -> FolioError:
    """Return which of two errors says more of a page that nobody could read."""
    is_newer = isinstance(error, UnreadableScript) and not isinstance(first, BlurredWriting)
    return error if is_newer or first is None else first


def _higher(reading: ReadPage, than: ReadPage) -> bool:
    return confidence_of(reading.text) > confidence_of(than.text)


def _unsure(reading: ReadPage) -> SkippedProvider:
    return SkippedProvider(reading.provider, "LowConfidence", f"Its confidence was {reading.text.confidence}.")


def _without_letters(reading: ReadPage) -> SkippedProvider:
    unknown = reading.text.unknown_letters
    name = f"{unknown.name} ({unknown.code})" if unknown else "the page's language"
    return SkippedProvider(reading.provider, UnknownLanguage.__name__, f"It does not know all letters of {name}.")

"""One question to an OpenAI-compatible endpoint: bounded in time, size, number and failures."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import urllib3

from tracker.domain.errors import TrackerError
from tracker.extraction.language_model.kept import Answers

LONGEST_ANSWER = 1_000_000
FAILURES = 3
REST = timedelta(minutes=10)
"""After three failures in a row nobody is asked for ten minutes."""


class LanguageModelError(TrackerError):
    """The endpoint gave no usable answer; the offline result stands."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is, and what may be spent on it."""

    url: str
    model: str
    key: str = ""
    timeout: float = 60.0
    daily: int = 500
    """Questions a day (UTC) at most."""


class Asking:
    """Asks the endpoint; refuses when the day's budget is spent or it keeps failing."""

    def __init__(self, endpoint: Endpoint, answers: Answers, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._answers = answers
        self._now = now
        self._pool = urllib3.PoolManager(retries=False, maxsize=1)
        self._failures = 0
        self._resting_until = datetime.min.replace(tzinfo=UTC)

    def __call__(self, system: str, text: str) -> str:
        """The words of the answer, kept ones first. Raises LanguageModelError with the mend."""
        parts = (self._endpoint.model, system, text)
        known = self._answers.known(*parts)
        if known is None:
            known = self._ask(system, text)
            self._answers.keep(known, *parts)
        return known

    def _ask(self, system: str, text: str) -> str:
        self._check_budget()
        try:
            answer = self._post(system, text)
        except LanguageModelError:
            self._failures += 1
            if self._failures >= FAILURES:
                self._failures, self._resting_until = 0, self._now() + REST
            raise
        self._failures = 0
        return answer

    def _check_budget(self) -> None:
        now = self._now()
        if now < self._resting_until:
            raise LanguageModelError(
                f"{self._endpoint.url} failed {FAILURES} times: asked again from "
                f"{self._resting_until:%H:%M} UTC"
            )
        if self._answers.asked(now.date()) >= self._endpoint.daily:
            raise LanguageModelError(
                f"the {self._endpoint.daily} questions of today are spent: raise"
                " extract.llm_daily or wait until midnight UTC"
            )
        self._answers.count(now.date())

    def _post(self, system: str, text: str) -> str:
        body = {
            "model": self._endpoint.model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": text},
            ],
        }
        headers = {"Content-Type": "application/json"}
        if self._endpoint.key:
            headers["Authorization"] = f"Bearer {self._endpoint.key}"
        where = f"{self._endpoint.url.rstrip('/')}/chat/completions"
        try:
            answer = self._pool.request(
                "POST",
                where,
                body=json.dumps(body).encode(),
                headers=headers,
                timeout=urllib3.Timeout(total=self._endpoint.timeout),
                redirect=False,
                preload_content=False,
            )
            raw = answer.read(LONGEST_ANSWER + 1)
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise LanguageModelError(f"{where}: {type(error).__name__}: {error}") from error
        if answer.status != 200:
            raise LanguageModelError(f"{where} answered {answer.status}: check extract.llm_…")
        return _content(where, raw)


def _content(where: str, raw: bytes) -> str:
    if len(raw) > LONGEST_ANSWER:
        raise LanguageModelError(f"{where} answered more than {LONGEST_ANSWER:,} bytes")
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise LanguageModelError(f"{where} did not answer as /v1/chat/completions does") from error
    if not isinstance(content, str):
        raise LanguageModelError(f"{where} answered without words")
    return content

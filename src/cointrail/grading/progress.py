"""Lines of progress with the time that is left."""

import time

__all__ = ["Clock"]

_FIRST_GUESS = 3  # tasks after which a guess is worth telling


class Clock:
    """Counts tasks that ended, and guesses from them how long the rest will take."""

    def __init__(self, tasks, say):
        self._tasks, self._say = tasks, say
        self._done, self._start = 0, time.monotonic()

    def tick(self, what):
        """One more has ended."""
        self._done += 1
        line = f"[{self._done}/{self._tasks}] {what}"
        if _FIRST_GUESS <= self._done < self._tasks:
            each = (time.monotonic() - self._start) / self._done
            line += f"   about {_in_words(each * (self._tasks - self._done))} left"
        self._say(line)


def _in_words(seconds):
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(1, seconds):.0f} s"

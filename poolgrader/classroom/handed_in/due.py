"""Reads the due date that an instructor types, and tells how it was understood."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

YEARS = range(1970, 3000)
SECOND = timedelta(seconds=1)


class DueError(ValueError):
    """A due date that cannot be understood; the message says what was expected."""


def read_due(text: str, zone: ZoneInfo) -> datetime:
    """A due date, in UTC.

    A date alone is the last second of its day. A time is local time in the zone, unless it has its own offset
    from UTC. A time that clocks show twice, when daylight saving time ends, is the later of the two.

    Args:
        text: such as 2026-03-01, 2026-03-01T12:00 or 2026-03-01T12:00+01:00.
        zone: the time zone of a text without an offset.

    Raises:
        DueError: if it is no time, or one that clocks in the zone skip.

    >>> read_due("2026-03-01", ZoneInfo("Europe/Berlin"))
    datetime.datetime(2026, 3, 1, 22, 59, 59, tzinfo=datetime.timezone.utc)
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DueError(f"expected a date as 2026-03-01 or 2026-03-01T12:00, got {text!r}") from None
    if moment.year not in YEARS:
        raise DueError(f"expected a year from {YEARS[0]} to {YEARS[-1]}, got {text!r}")
    if day is not None:
        return _end_of(day, zone)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    later = moment.replace(tzinfo=zone, fold=1)
    if not _is_shown(later):
        raise DueError(_left_out(text, moment, zone))
    return later.astimezone(UTC)


def told(moment: datetime, zone: ZoneInfo) -> str:
    """A moment in a zone's local time, with its offset from UTC.

    >>> told(datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    'Sun 2026-03-01 23:59:59 Europe/Berlin (UTC+01:00)'
    """
    local = moment.astimezone(zone)
    return f"{local:%a %Y-%m-%d %H:%M:%S} {zone.key} (UTC{local.isoformat()[-6:]})"


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """The second before the next day begins; on some days clocks skip the last hour."""
    following = datetime.combine(day + timedelta(days=1), time(), zone)
    return following.astimezone(UTC) - SECOND


def _is_shown(moment: datetime) -> bool:
    """Whether clocks in the moment's time zone ever show its local time. They skip an hour when daylight
    saving time begins.
    """
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == moment.replace(
        tzinfo=None
    )


def _left_out(text: str, moment: datetime, zone: ZoneInfo) -> str:
    before = moment.replace(tzinfo=zone, fold=0)  # with the offset before the change
    gap = (before.replace(fold=1).utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
    return (
        f"no clock in {zone.key} shows {text!r}, because it goes forward by {gap} then: "
        f"give another time, or one with its distance from UTC, as {before.isoformat(timespec='minutes')}"
    )

"""When things happen by the clock: one tick that only asks whether something is due."""

from traumbox.schedule.hours import QuietHours, local_date
from traumbox.schedule.ticker import Ticker

__all__ = ["QuietHours", "Ticker", "local_date"]

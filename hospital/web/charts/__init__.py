"""Charts as SVG drawn on the server: no script, no inline style, printable.

A screen reader hears `title`, which tells the values; the page puts a full table one tap away.
"""

from hospital.web.charts.columns import bars
from hospital.web.charts.trend import labchart
from hospital.web.charts.words import sparkline
from hospital.web.charts.years import yearchart

__all__ = ["bars", "labchart", "sparkline", "yearchart"]

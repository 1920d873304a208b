"""The trend picture: scores over sessions, with what is needed to read them.

Drawn for the width it is shown at: shapes stretch, letters keep their size, labels are placed for the narrowest width
of their variant and can only move apart as it grows. The same drawing, with fixed colours, goes into letters.
"""

from rapport.web.components.trend.drawing import fluid, svg_string
from rapport.web.components.trend.picture import TrendPicture, TrendPoint
from rapport.web.components.trend.spark import spark

__all__ = ["TrendPicture", "TrendPoint", "fluid", "spark", "svg_string"]

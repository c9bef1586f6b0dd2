"""What is wrong, doubtful or worth knowing in a dataset, told and never silently mended.

:func:`validate` takes a composite, a GeoDataFrame or a path and returns a :class:`Report` of issues.
"""

from marchland.validation.entry import validate
from marchland.validation.frame import Columns, validate_frame
from marchland.validation.integrity import validate_composite
from marchland.validation.report import SEVERITIES, Report

__all__ = ["SEVERITIES", "Columns", "Report", "validate", "validate_composite", "validate_frame"]

"""Files to composite."""

from marchland.datasets.package import find_dataset
from marchland.datasets.reading import load

__all__ = ["find_dataset", "load"]

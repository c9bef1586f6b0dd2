"""Files to composite."""

from marchland.datasets.package import find_dataset, load

__all__ = ["find_dataset", "load"]

"""Colours of the built-in dataset as the colour-blind see them.

Matrices: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A Physiologically-based Model for Simulation
of Color Vision Deficiency", IEEE TVCG 15 (2009) 1291-1298, severity 1, on linear RGB.
"""

import itertools

import numpy as np
import pytest

from marchland.render.colours import PALETTE, neighbours
from marchland.render.fills import Fills

SEEN = {
    "all": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(colour, seen):
    """Return CIELAB (D65) of #rrggbb as it is seen."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(seen) @ linear, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one, other, seen):
    return float(np.linalg.norm(lab(one, seen) - lab(other, seen)))


@pytest.mark.parametrize("seen", SEEN)
def test_holders_side_by_side_are_told_apart(built_in, seen):
    fills, far = Fills(built_in.holders), {}
    for holder, others in neighbours(built_in).items():
        for other in others:
            if holder in built_in.holders and other in built_in.holders and holder < other:
                colours = [fills.of(name, "sovereign").colours[0] for name in (holder, other)]
                far[holder, other] = difference(*colours, SEEN[seen])
    least = min((d, pair) for pair, d in far.items())
    print(f"{seen}: least ΔE {least[0]:.1f} between {' and '.join(least[1])}")  # noqa: T201 - for the report
    assert least[0] >= 10
    assert len(far) > 15


@pytest.mark.parametrize("seen", SEEN)
def test_palette_for_any_data_is_told_apart(seen):
    pairs = {pair: difference(*pair, SEEN[seen]) for pair in itertools.combinations(PALETTE, 2)}
    worst = min(pairs, key=pairs.get)
    print(f"{seen}: least ΔE {pairs[worst]:.1f} between {worst}")  # noqa: T201 - for the report
    assert pairs[worst] >= 5

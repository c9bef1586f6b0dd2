"""Print how marchland compares with other ways to the same answers: `make bench DATA=cshapes.topojson.xz`.

Everything is measured in one run on one machine; ratios are what to read, not seconds. Without data only
what the built-in dataset can show is measured.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import boundaries
import measures
import numpy as np
import shapely
from measuring import HEADER, machine


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare marchland with other ways to the same answers.")
    parser.add_argument("--data", help="CShapes 2.0, as TopoJSON (also .xz)")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes and gigabytes")
    options = parser.parse_args()
    os.environ["MARCHLAND_CACHE"] = "off"  # what is built is built
    print(f"{machine()}\n\n{HEADER}", flush=True)
    for result in measures.error_bars():
        print(result.row(), flush=True)
    if not options.quick:
        for result in boundaries.measure_made():
            print(result.row(), flush=True)
    if options.data:
        frame = boundaries.read(options.data)
        for result in measures.areas(frame.geometry.to_numpy(), "CShapes"):
            print(result.row(), flush=True)
        for result in boundaries.measure(options.data, slow=not options.quick):
            print(result.row(), flush=True)
        return
    import marchland

    faces = np.array(list(marchland.load("russia-china").face_geometries.values()), dtype=object)
    for result in measures.areas(shapely.get_parts(faces), "built-in faces"):
        print(result.row(), flush=True)


if __name__ == "__main__":
    main()

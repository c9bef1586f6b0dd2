"""The light map: one inline SVG that shows without a script, and a small script that steps it.

:class:`~marchland.render.light.drawing.LightMap` draws frames (:mod:`~marchland.render.light.frames`): a
date, or what changed between two. Geometry stands once, in the SVG; a frame is a list of classes and fills.
"""

"""A page that tells how the frontier came about, stop by stop, beside a map that follows.

``plan`` says where the story stops, ``chapters`` what is told there, ``drawing`` what is seen, ``document``
puts it on one page.
"""

from marchland.render.story.document import Story, story

__all__ = ["Story", "story"]

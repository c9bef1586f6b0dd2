"""Steps that turn downloaded packages into the reference layers of this folder."""

"""Drawing a composite: ``scene`` says what is drawn, ``page`` puts it on an interactive page."""

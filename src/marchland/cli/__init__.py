"""The command line. Only this package prints, and only ``main`` knows exit codes."""

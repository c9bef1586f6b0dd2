"""The bench is scripts, run by `make bench`; only test_bench.py is collected."""

collect_ignore = ["boundaries.py", "generated.py", "measures.py", "measuring.py", "run.py", "scale.py"]

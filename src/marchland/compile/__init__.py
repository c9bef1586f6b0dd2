"""Treaty text to composite.

Read the authored files, execute each clause on the reference geometry, partition the land, check and write.
"""

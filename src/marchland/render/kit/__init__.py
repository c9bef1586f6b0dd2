"""The article kit: a folder with one map in every form an editor may need, and the words to go with it."""

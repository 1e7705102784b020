"""The words of the product. Standard library only, Python 3.10 and later (the engine imports it too)."""

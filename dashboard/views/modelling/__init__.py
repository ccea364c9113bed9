"""Which model is better, and is the difference real?"""

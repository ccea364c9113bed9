"""Is this the data that we agreed on, and can it be trusted?"""

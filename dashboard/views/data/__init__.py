"""Is this the data that we agreed on?"""

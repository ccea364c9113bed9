"""Is it still true to what we approved?"""

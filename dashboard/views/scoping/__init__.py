"""Is this worth doing, and how will we know it worked?"""

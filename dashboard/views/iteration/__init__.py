"""What do we do about it, and did that help?"""

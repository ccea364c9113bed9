"""What is serving, is it healthy, who let it in?"""

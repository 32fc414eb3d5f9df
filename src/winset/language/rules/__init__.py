"""The rules of the language: what a scenario must fulfil beyond being readable.

`catalogue` lists them, `page` prints them, `examine` applies them.
"""

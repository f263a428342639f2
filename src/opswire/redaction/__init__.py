"""What is a secret, and text, values and HTTP exchanges without any.

One vocabulary (``names``) and one way of finding a known secret again (``spellings``), for crash
reports (``values``), traces (``exchanges``) and whatever else is written down.
"""

"""The intake every practice begins with, in plain English and Spanish; its outcome measures are free to use."""

"""The command line: one file per command, no logic.

stdout is data, stderr is words. What a command finds out is found out in the packages
below; here it is asked for and shown.
"""

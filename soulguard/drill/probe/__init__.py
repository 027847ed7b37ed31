"""What a drill puts into the agent's process: steps told, outside calls led elsewhere.

Standard library and the guard's own captured originals only. Nothing is decided here:
the conductor, outside, decides where the agent dies.
"""

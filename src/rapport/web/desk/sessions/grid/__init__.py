"""The diary as days by the wall clock: what was asked for, and where each hour stands."""

"""Single-case designs: one person's scores in a baseline phase A compared with those of a treatment phase B.

Every index counts improvement as positive (or above one half), whichever way the scale runs.
"""

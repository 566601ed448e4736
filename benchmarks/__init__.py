"""`python -m benchmarks [NAME …]`: how fast each path is, beside its limit, measured in turns in one run.

A limit is the same work done the barest way that could serve: the same server, statements and payload without our code.
Machines are shared and noisy, so what counts is the ratio of the medians; `reach` is what the ratio must come to.
"""

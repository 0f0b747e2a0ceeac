"""Two releases beside each other: what changed between them, and what that does to an answer.

`sides` reads what is compared, `changes` compares, `asking` and `impact` put one question to both, `diff` is the
answer.
"""

from __future__ import annotations

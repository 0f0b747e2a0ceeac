"""What career questions rest on.

What a role requires and at which level, what is held, what a certification proves and whether it is on offer, steps in
order. The questions themselves are in `kg.questions`.
"""

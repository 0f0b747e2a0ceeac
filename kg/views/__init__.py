"""An answer shown: as a picture, a page, a still, in a cell, as text.

A view maps an answer to a picture (`kg.views.scene.Scene`), and pages and stills are drawn from it. What an answer
says is not here.
"""

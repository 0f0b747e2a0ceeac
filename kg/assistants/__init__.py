"""The questions as tools for assistants: `kg mcp`, over standard input and output, or HTTP on this machine.

What an answer looks like within its budget is `kg.views.markdown`; what a question takes is `kg.handles.signatures`.
"""

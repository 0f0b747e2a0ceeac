"""What is said: terms, statements, claims, answers.

Also their sources, the graph of claims, findings, errors, and files written safely. Nothing here opens a store, reads
a user's file or knows a question.
"""

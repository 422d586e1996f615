"""SYN-EVM, the account chain of a world: real transactions, executed by a real virtual machine, and their whole truth.

Making it needs the extra ``world`` (pyrevm, pycryptodome, coincurve); reading it needs only `cointrail.ledger`.
"""

"""The Textual app of `soulguard watch`. Nothing else may import this package.

Workers read and post; widgets are touched by handlers alone. What the app shows it
reads from a ledger, and it writes nothing but a person's answers (`supervisor.settling`).
"""

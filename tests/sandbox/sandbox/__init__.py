"""A provider sandbox: calendar providers' own endpoints on loopback, all state in memory.

The package is started with ``python3 -m sandbox``. What is common to all providers (accounts,
faults, control, counting) knows no provider; each provider is a dialect (see ``dialect.py``).
"""

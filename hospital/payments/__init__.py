"""收费: charges, the payment gateway, refunds, the ledger.

For every room that asks for money; finance looks at it. A room learns that its charge was settled
or refunded by registering its kind.
"""

"""The idempotency audit: what of a code base would happen twice, found by reading it.

Nothing audited is ever imported or executed. What calls do is data
(``policies/effects.yaml``); no SDK is named in this package.
"""

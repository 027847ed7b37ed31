"""What the record of a run says, told to a person: in words, differences and a page.

Reads ledgers, writes none, and knows neither terminal nor browser.
"""

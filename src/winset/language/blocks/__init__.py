"""Building blocks: reusable parts of a negotiation that stand for plain language.

A block is expanded in the tree of the document, before anything is read: the reader, the rules, formulas and the
solver know plain scenarios only. One kind a file; `expansion` puts what they make into its places.
"""

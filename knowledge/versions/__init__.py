"""Versions of the knowledge folder in git, and what changed between them in words.

Read in this order: `store` makes and reads versions (`version`). It takes them to a `repository`
of `objects`, writes the `working` folder and its `git_index`, under a lock (`locking`) and with a
`journal`, so that a killed commit is finished or dropped. `changes`, with `product_changes` and
`word_diff`, says what differs between two.
"""

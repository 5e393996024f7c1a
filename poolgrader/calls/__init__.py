"""How an answer is called and what is seen of it: the vocabulary that the notebook,
the judge and the jail share.
"""

"""How well search finds what people mean: a made-up library, labelled queries, nDCG@10.

``python -m tests.bench.queries --help``. Nothing in the labels comes from what is judged: the
pieces are composed here, so what plays in them is known before a note has sounded.
"""

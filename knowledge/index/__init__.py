"""Search: vectors, words, and the calibrated chance that a hit answers.

Entries, in this order: `search` is what callers use: a snapshot of `language_rows`, one for each
language. Those stand over a `corpus` of texts: their vectors in `dense` (`ann` chooses how they
are searched) and their words in `lexical` (over `postings`, with tokens from `segment`). What they
find becomes `candidates`, which `answer_model` ranks; `answering` fits that model, and
`answer_defaults` stands in for it. `encoder` embeds (`onnx_export` makes its file), `reranker`
orders the best again. On disk: `embedding_cache` (over `vector_segment`) and `index_store`.

Products: `products` over `product_weights`, `product_names` and `product_filters`; `product_query`
turns a query into weighed words with `product_words`, `product_spelling` and `product_asking`.
"""

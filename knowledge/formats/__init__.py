"""Knowledge files into entries and products; every mistake in them is named by its place.

Read in this order: `folder` reads a folder's files and hands each to its reader, through `parsed`,
which remembers what was read before (`stored` is how it lies on disk). The readers are
`markdown_faq` and `markdown_policy` (both over `markdown_sections`), `yaml_faq` (over
`yaml_nodes`) and `product_feed` (over `feed_rows`); they share `reading`, and `answer_text` with
`markdown_marks` and `links` for what an answer may hold. Each returns what `placed` defines;
`checks` then compares the files with one another. `questions` reads the shop's test questions.
"""

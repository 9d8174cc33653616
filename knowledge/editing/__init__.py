"""A form's fields into the files' text and back, keeping everything else; documents imported.

Read in this order: `fields` is what a form holds. `writing` puts it into the files: `checking`
makes it tidy, `locating` finds the entry, `text_file` holds the file, `markdown_entries` or
`yaml_entries` (over `yaml_spans` and `yaml_scalars`) rewrites it, and `writing` reads the result
back. `documents` imports PDF, DOCX and others through `document_text` and `document_layout`.
"""

"""A form's fields into the files' text and back, keeping everything else; documents imported."""

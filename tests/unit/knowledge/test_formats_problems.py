"""Every mistake in knowledge files, word for word, with its exact line and column."""

from collections.abc import Mapping

import pytest

from knowledge.formats.folder import check_files

Texts = Mapping[str, str | bytes]

FRONT = "---\nlanguage: en\n---\n"
POLICY = "---\nid: p\nlanguage: en\n---\n"
YAML_ENTRY = "language: en\nentries:\n  - id: a\n    question: Q\n"
HEADER = "id,title,description,link,image_link,availability,price"
FEED = f"{HEADER}\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD\n"

CASES: list[tuple[Texts, list[str]]] = [
    (
        {"faq/a.md": "## Q {#a}\nA"},
        [
            "faq/a.md:1:1: no front matter; start the file with ---, language: en, ---",
        ],
    ),
    (
        {"faq/a.md": "---\nlanguage: en\n"},
        [
            "faq/a.md:1:1: front matter has no end; put --- on a line of its own below it",
        ],
    ),
    (
        {"faq/a.md": "---\ntags: [x]\n---\n## Q {#a}\nA"},
        [
            "faq/a.md:1:1: no language; add the line 'language: en' between the --- lines",
        ],
    ),
    (
        {"faq/a.md": "---\nlanguage: English\n---\n## Q {#a}\nA"},
        [
            "faq/a.md:2:11: 'English' is not a language code; write en or zh",
        ],
    ),
    (
        {"faq/a.md": "---\nlanguage: [en\n---\n## Q {#a}\nA"},
        [
            (
                "faq/a.md:2:14: not valid YAML (expected ',' or ']', but got '<stream end>'); "
                "mend the indentation or quote it"
            ),
        ],
    ),
    (
        {"faq/a.md": "---\nlang: en\n---\n"},
        [
            "faq/a.md:1:1: no language; add the line 'language: en' between the --- lines",
            "faq/a.md:2:1: 'lang' is not a known key; did you mean 'language'?",
        ],
    ),
    (
        {"faq/a.md": "---\nlanguage: en\nlanguage: zh\n---\n"},
        [
            "faq/a.md:3:1: 'language' stands here twice; remove one",
        ],
    ),
    (
        {"faq/a.md": "---\ntags: {a: b}\nlanguage: en\n---\n"},
        [
            "faq/a.md:2:7: tags is not text; write one value, in quotes if need be",
        ],
    ),
    (
        {"faq/a.md": "---\n- en\n---\n"},
        [
            "faq/a.md:2:1: no 'key: value' lines; the keys are language, tags",
        ],
    ),
    (
        {"policies/a.md": FRONT + "# T\nx"},
        [
            "policies/a.md:1:1: no id; add the line 'id: …' between the --- lines",
        ],
    ),
    (
        {"policies/a.md": "---\nid: p\n---\n# T\nx"},
        [
            ("policies/a.md:1:1: no language; add the line 'language: …' between the --- lines"),
        ],
    ),
    (
        {"policies/a.md": "---\nid: a b\nlanguage: en\n---\n# T\nx"},
        [
            ("policies/a.md:2:5: 'a b' can't be a name; write one word such as delivery-period"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q\nA"},
        [
            "faq/a.md:4:1: no id; end the heading with {#a-short-id intent=NAME}",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n> only a phrasing\n> ? and a test\n"},
        [
            "faq/a.md:4:1: no answer; write it below the question",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## {#a}\nA"},
        [
            "faq/a.md:4:1: no question; write it behind '## '",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a itent=x}\nA"},
        [
            "faq/a.md:4:10: 'itent' is not a known key; did you mean 'intent='?",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a colour}\nA"},
        [
            (
                "faq/a.md:4:10: 'colour' is not a known key; use one of #id, intent=, tags=, "
                "valid-from=, valid-until="
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a intent=x intent=y}\nA"},
        [
            "faq/a.md:4:19: intent stands here twice; remove one",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a intent=}\nA"},
        [
            "faq/a.md:4:10: intent has no value; write it behind the = or remove intent",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a valid-from=2026-02-30}\nA"},
        [
            ("faq/a.md:4:10: '2026-02-30' is not a date; write year-month-day, such as 2026-12-01"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a valid-from=2026-02-03 valid-until=2026-02-02}\nA"},
        [
            (
                "faq/a.md:4:32: valid-until 2026-02-02 is before valid-from 2026-02-03; mend "
                "one of the two days"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "stray\n## Q {#a}\nA"},
        [
            "faq/a.md:4:1: text before the first heading; put a heading above it",
        ],
    ),
    (
        {"faq/a.md": FRONT + "# Title\ntext\n"},
        [
            ("faq/a.md:4:1: text below a '# ' title belongs to no entry; put '## ' above it"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\nA\n### More\nB"},
        [
            "faq/a.md:6:1: a level-3 heading in an answer; use **bold** instead",
        ],
    ),
    (
        {"policies/a.md": POLICY + "# T\n"},
        [
            "policies/a.md:1:1: no passage; write a heading with text below it",
        ],
    ),
    (
        {"policies/a.md": POLICY + "#\ntext"},
        [
            "policies/a.md:5:1: an empty heading; write its title",
        ],
    ),
    (
        {"policies/a.md": POLICY + "# T\n> ? a test\n"},
        [
            "policies/a.md:5:1: no passage for the test questions; write it below them",
        ],
    ),
    (
        {
            "policies/a.md": POLICY
            + ("# T {valid-until=2026-01-01}\nx\n## U {valid-from=2026-01-01}\ny\n")
        },
        [],
    ),
    (
        {
            "policies/a.md": (
                "---\nid: p\nlanguage: en\nvalid-from: 2026-02-01\nvalid-until: "
                "2026-01-01\n---\n# T\nx"
            )
        },
        [
            (
                "policies/a.md:5:14: valid-until 2026-01-01 is before valid-from 2026-02-01; "
                "mend one of the two days"
            ),
        ],
    ),
    (
        {
            "policies/a.md": (
                "---\nid: p\nlanguage: en\nvalid-from: 2026-02-01\n---\n# T\nx\n## "
                "U {valid-until=2026-01-31}\ny"
            )
        },
        [
            (
                "policies/a.md:8:7: valid-until 2026-01-31 is before valid-from 2026-02-01; "
                "mend one of the two days"
            ),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY},
        [
            "faq/a.yml:3:5: no answer (en); add the line 'answer: …'",
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    anwser: x\n"},
        [
            "faq/a.yml:3:5: no answer (en); add the line 'answer: …'",
            "faq/a.yml:5:5: 'anwser' is not a known key; did you mean 'answer'?",
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    id: b\n    answer: x\n"},
        [
            "faq/a.yml:5:5: 'id' stands here twice; remove one",
        ],
    ),
    (
        {"faq/a.yml": "language: en\nentries:\n  - question: Q\n    answer: A\n"},
        [
            "faq/a.yml:3:5: no id; add the line 'id: a-short-id'",
        ],
    ),
    (
        {"faq/a.yml": "entries:\n  - id: a\n    question: Q\n    answer: A\n"},
        [
            "faq/a.yml:1:1: no language; add the line 'language: en' at the top",
        ],
    ),
    (
        {"faq/a.yml": "language: en\nentries: nothing\n"},
        [
            "faq/a.yml:2:10: entries is not a list; start each item with '- '",
        ],
    ),
    (
        {"faq/a.yml": ("language: en\nentries:\n  - {id: a, question: [q], answer: A}\n")},
        [
            "faq/a.yml:3:5: no question (en); add the line 'question: …'",
            "faq/a.yml:3:23: question is not text; write one value, in quotes if need be",
        ],
    ),
    (
        {"faq/a.yml": "language: en\nentries:\n  - word\n"},
        [
            (
                "faq/a.yml:3:5: no 'key: value' lines; the keys are answer, id, intent, "
                "phrasings, question, tags, tests, translations, valid-from, valid-until"
            ),
        ],
    ),
    (
        {"faq/a.yml": 'language: "\\UFFFFFFFF"\n'},
        [
            "faq/a.yml:1:1: not valid YAML; mend the indentation or quote it",
        ],
    ),
    (
        {"faq/a.yml": "language: en\nentries:\n  - id: a\n   question: Q\n"},
        [
            (
                "faq/a.yml:4:4: not valid YAML: the indentation differs from the lines above; "
                "begin in their column"
            ),
        ],
    ),
    (
        {"faq/a.yml": "language: en\nentries:\n  - id: a\x07\n"},
        [
            ("faq/a.yml:3:10: a control character (number 7) that can't be shown; delete it"),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + '    answer: "half \\ud800"\n'},
        [
            (
                "faq/a.yml:5:13: an escape for number 55296, which is no character; type what "
                "you mean"
            ),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: A\n    valid-from: soon\n"},
        [
            ("faq/a.yml:6:17: 'soon' is not a date; write year-month-day, such as 2026-12-01"),
        ],
    ),
    (
        {
            "faq/a.yml": YAML_ENTRY
            + ("    answer: A\n    valid-from: 2026-02-01\n    valid-until: 2026-01-31\n")
        },
        [
            (
                "faq/a.yml:7:18: valid-until 2026-01-31 is before valid-from 2026-02-01; mend "
                "one of the two days"
            ),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: A\n    tests: [{a: b}]\n"},
        [
            "faq/a.yml:6:13: tests is not text; write one value, in quotes if need be",
        ],
    ),
    (
        {
            "faq/a.yml": YAML_ENTRY
            + (
                "    answer: A\n    translations:\n      en: {question: Q2, "
                "answer: B}\n      zh: {question: 问, answer: 答}\n      zh: "
                "{question: 问, answer: 答}\n"
            )
        },
        [
            ("faq/a.yml:7:7: 'en' is the file's own language; remove one of the two wordings"),
            "faq/a.yml:9:7: 'zh' stands here twice; remove one of the two wordings",
        ],
    ),
    (
        {
            "faq/a.yml": YAML_ENTRY
            + ("    answer: A\n    translations:\n      chinese: {question: 问, answer: 答}\n")
        },
        [
            "faq/a.yml:7:7: 'chinese' is not a language code; write en or zh",
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: A\n    translations: zh\n"},
        [
            "faq/a.yml:6:19: no 'key: value' lines; the keys are zh",
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: A\n    translations:\n      zh: {answer: 答}\n"},
        [
            "faq/a.yml:7:11: no question (zh); add the line 'question: …'",
        ],
    ),
    (
        {"faq/a.md": b"---\nlanguage: en\n---\n\xe4\xb8\xad\xff"},
        [
            "faq/a.md:4:2: byte 0xff is not UTF-8; save the file as UTF-8",
        ],
    ),
    (
        {"faq/a.md": b"\xff\xfe-\x00-\x00-\x00\n\x00"},
        [
            (
                "faq/a.md:1:1: the file is UTF-16, which some programs call Unicode; save it "
                "as UTF-8"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\nA \x00"},
        [
            (
                "faq/a.md:5:3: a NUL character, as in damaged files and in UTF-16; save the "
                "file as UTF-8 text"
            ),
        ],
    ),
    (
        {"faq/a.txt": "x"},
        [
            "faq/a.txt:1:1: is not read here; FAQ files end in .md or .yml",
        ],
    ),
    (
        {"delivery.md": "x"},
        [
            (
                "delivery.md:1:1: is not read here; move it into faq/ or policies/, or name it "
                "products.csv"
            ),
        ],
    ),
    (
        {"policies/a.yml": "x"},
        [
            "policies/a.yml:1:1: is not read here; policies are NAME.LANGUAGE.md files",
        ],
    ),
    (
        {"faq/products.csv": "x"},
        [
            "faq/products.csv:1:1: is not read here; FAQ files end in .md or .yml",
        ],
    ),
    (
        {"Products.csv": "x"},
        [
            (
                "Products.csv:1:1: is not read here; move it into faq/ or policies/, or name "
                "it products.csv"
            ),
        ],
    ),
    (
        {"README.md": "x"},
        [
            (
                "knowledge:1:1: the folder holds no entry and no product; add faq/NAME.en.md "
                "or products.csv"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n> p\n\nText\n\nand <b>bold</b> words"},
        [
            ("faq/a.md:9:5: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\nText\n\n  <script>\nx\n</script>"},
        [
            ("faq/a.md:7:3: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n- one\n- two ![x](y)"},
        [
            ("faq/a.md:6:7: the answer of 'a' holds an image; use text, lists, **bold** and links"),
        ],
    ),
    ({"faq/a.md": FRONT + "## Q {#a}\n`<b>` and \\<b>\n\n    <script>"}, []),
    (
        {"policies/a.md": POLICY + "# T\n> ? t\nOne.\n\n> <i>\n"},
        [
            (
                "policies/a.md:9:3: the answer of 'p' holds HTML; use text, lists, **bold** "
                "and links"
            ),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: |\n      One.\n\n      - a\n      - <b>\n"},
        [
            ("faq/a.yml:9:9: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: >-\n      One\n      two <b>\n\n      and\n"},
        [
            ("faq/a.yml:7:11: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + '    answer: "One \\u00a0\\n\\\n       two\\tthree <b>"\n'},
        [
            ("faq/a.yml:6:19: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: 'It''s\n\n      <b>'\n"},
        [
            ("faq/a.yml:7:7: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: One\n      two <b>\n"},
        [
            ("faq/a.yml:6:11: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {
            "faq/a.yml": YAML_ENTRY
            + ("    answer: &x |\n      One <b>\n  - {id: b, question: R, answer: *x}\n")
        },
        [
            ("faq/a.yml:6:11: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
            ("faq/a.yml:6:11: the answer of 'b' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n" + "> " * 3000 + "<b>"},
        [
            "faq/a.md:4:1: no answer; write it below the question",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n\n" + "long " * 241},
        [
            (
                "warning faq/a.md:6:1: the answer of 'a' has 1,204 characters, much for a "
                "phone; keep it to 1,200, or divide it"
            ),
        ],
    ),
    (
        {"policies/a.md": POLICY + "# T\n\n" + "long " * 601},
        [
            (
                "warning policies/a.md:7:1: the answer of 'p' has 3,004 characters, much for a "
                "phone; keep it to 3,000, or divide it"
            ),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: |\n      " + "long " * 241 + "\n"},
        [
            (
                "warning faq/a.yml:6:7: the answer of 'a' has 1,204 characters, much for a "
                "phone; keep it to 1,200, or divide it"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + ("## Q {#a}\nSee\n[x](www.x.com) and [y](javascript:alert(1)).")},
        [
            "faq/a.md:6:5: link 'www.x.com' has no https://; write https://www.x.com",
            (
                "faq/a.md:6:24: a link can't start with javascript:; write https://SITE/PAGE "
                "or /PAGE"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + ('## Q {#a}\n- [x]()\n- [y](a b)\n- [z](<a b>)\n- [w](https://x "t)')},
        [
            ("faq/a.md:5:7: the link has no target; write https://SITE/PAGE in the round brackets"),
            "faq/a.md:6:7: link 'a b' holds a space; write %20 for it, or remove it",
            "faq/a.md:7:8: link 'a b' holds a space; write %20 for it, or remove it",
            ("faq/a.md:8:7: link 'https://x \"t' holds a space; write %20 for it, or remove it"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n[x][r]\n\n[r]: page.html\n[r]: /ok\n"},
        [
            ("faq/a.md:7:6: link 'page.html' leads nowhere; write https://SITE/PAGE or /PAGE"),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n<mailto:me> <product:A1>\n\n[p]: product:A1\n"},
        [
            ("faq/a.md:5:2: link 'mailto:me' holds no e-mail address; write mailto:NAME@SITE"),
            "faq/a.md:5:14: a product link without words; write [words](product:ID)",
            "faq/a.md:7:6: a product link without words; write [words](product:ID)",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n[x](javascript\\:alert) [y](&#106;avascript:z)"},
        [
            ("faq/a.md:5:1: a link can't start with javascript:; write https://SITE/PAGE or /PAGE"),
            (
                "faq/a.md:5:24: a link can't start with javascript:; write https://SITE/PAGE "
                "or /PAGE"
            ),
        ],
    ),
    (
        {"faq/a.yml": YAML_ENTRY + "    answer: |\n      One.\n\n      See [x](page).\n"},
        [
            "faq/a.yml:8:15: link 'page' leads nowhere; write https://SITE/PAGE or /PAGE",
        ],
    ),
    (
        {"products.csv": "id,title\nA,B\n"},
        [
            (
                "products.csv:1:1: no column description, link, image_link, availability, "
                "price; add it to the first line"
            ),
        ],
    ),
    (
        {"products.csv": HEADER + ",id\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,x\n"},
        [
            "products.csv:1:57: column id stands there twice; remove one",
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,Coat,Warm,https://x,/a.svg,in_stock,$129\n"},
        [
            (
                "products.csv:2:40: price '$129' is not valid; write amount and currency, such "
                "as 129.00 USD"
            ),
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,Coat,Warm,https://x,/a.svg,in_stock,\n"},
        [
            "products.csv:2:40: no price; write amount and currency, such as 129.00 USD",
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,Coat,Warm,https://x,/a.svg,maybe,129.00 USD\n"},
        [
            (
                "products.csv:2:31: availability 'maybe' is not valid; write one of in_stock, "
                "out_of_stock, preorder, backorder"
            ),
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,,Warm,https://x,/a.svg,in_stock,129.00 USD\n"},
        [
            "products.csv:2:4: no title; fill it in",
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,Coat,Warm,javascript:x,/a.svg,in_stock,129.00 USD\n"},
        [
            (
                "products.csv:2:14: link: a link can't start with javascript:; write "
                "https://SITE/PAGE or /PAGE"
            ),
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,Coat,Warm,https://x,a.svg,in_stock,129.00 USD\n"},
        [
            (
                "products.csv:2:24: image_link: link 'a.svg' leads nowhere; write "
                "https://SITE/PAGE or /PAGE"
            ),
        ],
    ),
    (
        {"products.csv": HEADER + "\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,more\n"},
        [
            (
                "products.csv:2:1: 8 columns instead of the header's 7; quote cells that hold "
                "the delimiter"
            ),
        ],
    ),
    (
        {"products.csv": FEED + "A1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD\n"},
        [
            "products.csv:3:1: id 'A1' is already used at products.csv:2; rename one",
        ],
    ),
    (
        {"products.csv": FEED + '"A2,\n'},
        [
            (
                "products.csv:3:1: not readable (unexpected end of data); mend the quotes of "
                "the row that begins here"
            ),
        ],
    ),
    (
        {"products.csv": FEED + '"A2"x,\n'},
        [
            (
                "products.csv:3:1: not readable (',' expected after '\"'); mend the quotes of "
                "the row that begins here"
            ),
        ],
    ),
    (
        {
            "products.csv": HEADER
            + (",sale_price\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,130.00 USD\n")
        },
        [
            (
                "products.csv:2:51: sale_price '130.00 USD' is not valid; write a lower price "
                "in the currency of price"
            ),
        ],
    ),
    (
        {
            "products.csv": HEADER
            + (",sale_price\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,9 EUR\n")
        },
        [
            (
                "products.csv:2:51: sale_price '9 EUR' is not valid; write a lower price in "
                "the currency of price"
            ),
        ],
    ),
    (
        {
            "products.csv": HEADER
            + (",rating\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,7\n")
        },
        [
            "products.csv:2:51: rating '7' is not valid; write a number from 0 to 5",
        ],
    ),
    (
        {
            "products.csv": HEADER
            + (",stock\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,1.5\n")
        },
        [
            "products.csv:2:51: stock '1.5' is not valid; write a count",
        ],
    ),
    (
        {"products.csv": HEADER + '\nA1,Coat,"Warm\nand, dry",https://x,/a.svg,in_stock,129\n'},
        [
            (
                "products.csv:3:37: price '129' is not valid; write amount and currency, such "
                "as 129.00 USD"
            ),
        ],
    ),
    (
        {"products.csv": HEADER + '\nA1,5" Coat,"a ""b"" c",https://x,/a.svg,in_stock,129\n'},
        [
            (
                "products.csv:2:50: price '129' is not valid; write amount and currency, such "
                "as 129.00 USD"
            ),
        ],
    ),
    (
        {"products.jsonl": '{"id": 1}\n[]\n'},
        [
            (
                "products.jsonl:1:1: no availability; write one of in_stock, out_of_stock, "
                "preorder, backorder"
            ),
            "products.jsonl:1:1: no price; write amount and currency, such as 129.00 USD",
            "products.jsonl:1:1: no title; fill it in",
            'products.jsonl:2:1: not a JSON object; write {"id": …} on each line',
        ],
    ),
    (
        {"products.jsonl": '{"id" 1}\n'},
        [
            ("products.jsonl:1:7: not valid JSON (Expecting ':' delimiter); one object a line"),
        ],
    ),
    (
        {"products.jsonl": '{"stock": ' + "9" * 5000 + "}"},
        [
            "products.jsonl:1:1: not readable as JSON; write one flat object a line",
        ],
    ),
    (
        {
            "products.jsonl": (
                '{"id":"A","title":"B","id":"C","availability":"in_stock","price":"1 USD"}\n'
            )
        },
        [
            "products.jsonl:1:23: 'id' stands here twice; remove one",
        ],
    ),
    (
        {
            "products.jsonl": (
                '{"id":"A","title":"\\ud800","availability":"in_stock","price":"1 USD"}\n'
            )
        },
        [
            (
                "products.jsonl:1:11: an escape for number 55296, which is no character; type "
                "what you mean"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\nA\n\n## R {#a}\nB"},
        [
            "faq/a.md:7:7: id 'a' is already used in en at faq/a.md:4; rename one",
        ],
    ),
    (
        {
            "faq/a.md": FRONT + "## Q {#a}\nA",
            "faq/a.yml": ("language: en\nentries:\n  - id: a\n    question: Q2\n    answer: B\n"),
        },
        [
            "faq/a.yml:3:9: id 'a' is already used in en at faq/a.md:4; rename one",
        ],
    ),
    (
        {"policies/a.md": POLICY + "# T\nx\n## U\ny\n## U\nz\n"},
        [
            ("policies/a.md:9:4: id 'p/u' is already used in en at policies/a.md:7; rename one"),
        ],
    ),
    (
        {
            "products.csv": FEED,
            "products.jsonl": (
                '{"title":"C", "id": "A1", "availability":"in_stock","price":"1 USD"}'
            ),
        },
        [
            "products.jsonl:1:15: id 'A1' is already used at products.csv:2; rename one",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## How long? {#a}\nA\n\n## how  LONG {#b}\nB"},
        [
            (
                "warning faq/a.md:7:4: the same question stands at faq/a.md:4; reword one or "
                "join the two"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n[x](product:A2)\n", "products.csv": FEED},
        [
            "faq/a.md:5:5: no product has the id 'A2'; write an id of the product feed",
        ],
    ),
    (
        {
            "faq/a.md": FRONT + "## Q {#a}\n[x](product:LK-1043) [y](product:zzz)\n",
            "products.csv": HEADER + "\nLK-1042,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD\n",
        },
        [
            "faq/a.md:5:5: no product has the id 'LK-1043'; did you mean 'LK-1042'?",
            "faq/a.md:5:26: no product has the id 'zzz'; write an id of the product feed",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n[x](product:A1)\n[x](product:)"},
        [
            "faq/a.md:5:5: no product has the id 'A1'; write an id of the product feed",
            "faq/a.md:6:5: the link names no product; write its id behind product:",
        ],
    ),
    (
        {
            "faq/a.md": FRONT + "## Q {#a}\n[x](product:A1)\n[x](product:B9)",
            "products.csv": HEADER + "\nA1,Coat,Warm,https://x,/a.svg,in_stock,x USD\n",
        },
        [
            "faq/a.md:6:5: no product has the id 'B9'; write an id of the product feed",
            (
                "products.csv:2:40: price 'x USD' is not valid; write amount and currency, "
                "such as 129.00 USD"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n[x](product:A1)\n[x](product:B9)", "products.csv": "id\n"},
        [
            (
                "products.csv:1:1: no column title, description, link, image_link, "
                "availability, price; add it to the first line"
            ),
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n[a `](https://x) b`"},
        [
            "faq/a.md:5:7: not readable as a link; write [words](https://SITE/PAGE)",
        ],
    ),
    (
        {"faq/a.yml": "a: b: c"},
        [
            "faq/a.yml:1:5: not valid YAML: a ': ' within a text; put the text in quotes",
        ],
    ),
    (
        {"faq/a.yml": "\tx: y"},
        [
            "faq/a.yml:1:1: not valid YAML: a tab; indent with spaces",
        ],
    ),
    (
        {"faq/a.yml": "a: *b"},
        [
            "faq/a.yml:1:4: not valid YAML: a text that begins with *; put it in quotes",
        ],
    ),
    (
        {"faq/a.yml": 'a: "b'},
        [
            "faq/a.yml:1:4: not valid YAML: a quote that is never closed; close it",
        ],
    ),
    (
        {"faq/a.yml": "a: b\nccc\n"},
        [
            (
                "faq/a.yml:2:1: not valid YAML: a line without ': '; write 'key: value', or "
                "indent it"
            ),
        ],
    ),
    (
        {"faq/a.yml": '"a" b'},
        [
            (
                "faq/a.yml:1:5: not valid YAML (expected '<document start>', but found "
                "('<scalar>',)); mend the indentation or quote it"
            ),
        ],
    ),
    (
        {"faq/a.yml": "- a"},
        [
            "faq/a.yml:1:1: no 'key: value' lines; the keys are entries, language",
        ],
    ),
    (
        {
            "faq/a.md": FRONT
            + (
                "## Q {#a}\nmail me@x.com [x](me@x.com) [y](//x.com) "
                "[z](https:///p) [t](tel:now) [u](data:x)"
            )
        },
        [
            "faq/a.md:5:19: link 'me@x.com' has no beginning; write mailto:me@x.com",
            (
                "faq/a.md:5:33: link '//x.com' leads to another site by chance; write https: "
                "in front"
            ),
            "faq/a.md:5:46: link 'https:///p' names no site; write https://SITE/PAGE",
            (
                "faq/a.md:5:62: link 'tel:now' is no telephone number; write digits, such as "
                "tel:+15035550100"
            ),
            ("faq/a.md:5:75: a link can't start with data:; write https://SITE/PAGE or /PAGE"),
        ],
    ),
    (
        {
            "products.csv": HEADER
            + (",review_count\nA1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD,many\n")
        },
        [
            "products.csv:2:51: review_count 'many' is not valid; write a count",
        ],
    ),
    (
        {"faq/a.md": FRONT + "## Q {#a}\n<b>x</b> ![x](y) <i>\n\n<i>"},
        [
            ("faq/a.md:5:1: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
            (
                "faq/a.md:5:10: the answer of 'a' holds an image; use text, lists, **bold** "
                "and links"
            ),
            ("faq/a.md:7:1: the answer of 'a' holds HTML; use text, lists, **bold** and links"),
        ],
    ),
    ({"faq/a.md": FRONT + "## Q {#a}\n" + "- " * 120 + "[x](y)"}, []),
    (
        {},
        [
            (
                "knowledge:1:1: the folder holds no entry and no product; add faq/NAME.en.md "
                "or products.csv"
            ),
        ],
    ),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_every_mistake_is_named_with_its_place(files: Texts, expected: list[str]) -> None:
    data = {name: t.encode() if isinstance(t, str) else t for name, t in files.items()}
    told = [f"{'warning ' if p.warning else ''}{p}" for p in check_files(data).problems]
    assert told == expected


@pytest.mark.parametrize("texts", [files for files, _ in CASES])
def test_line_ends_and_byte_order_marks_move_no_place(texts: Texts) -> None:
    plain = {name: t.encode() for name, t in texts.items() if isinstance(t, str)}
    windows = {n: b"\xef\xbb\xbf" + t.replace(b"\n", b"\r\n") for n, t in plain.items()}
    assert check_files(windows) == check_files(plain)


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ("", "", True),
        (" valid-until=2026-12-31", " valid-from=2027-01-01", False),
        (" valid-from=2027-01-01", " valid-until=2026-12-31", False),
        (" valid-until=2026-12-31", " valid-from=2026-12-31", True),
        ("", " valid-from=2026-12-31", True),
    ],
)
def test_a_question_may_stand_twice_on_different_days(
    first: str, second: str, warned: bool
) -> None:
    text = f"{FRONT}## Q {{#a{first}}}\nA\n\n## Q {{#b{second}}}\nB\n"
    assert [p.warning for p in check_files({"faq/a.md": text.encode()}).problems] == [True] * warned


def test_two_policies_may_have_the_same_heading() -> None:
    text = POLICY + "# T\n## A\n### Exceptions\nx\n## B\n### Exceptions\ny\n"
    assert check_files({"policies/a.md": text.encode()}).problems == ()

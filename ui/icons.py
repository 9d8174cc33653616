"""The page's few icons as inline SVG, 24 × 24, drawn with the text's colour."""


def _icon(paths: str) -> str:
    return (
        '<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        f"{paths}</svg>"
    )


SEND = _icon('<path d="M5 12h13M12 5.5 18.5 12 12 18.5"/>')
MICROPHONE = _icon(
    '<rect x="9" y="3.5" width="6" height="11" rx="3"/>'
    '<path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>'
)
STOP = _icon('<rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor"/>')
AUDIO_FILE = _icon('<path d="m20 11.5-8 8a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L10 17'
                   'a1.8 1.8 0 0 1-2.5-2.5l7.3-7.3"/>')
PERSON = _icon('<circle cx="12" cy="8" r="3.6"/><path d="M5 20c.6-4 3.5-6 7-6s6.4 2 7 6"/>')
MORE = _icon('<circle cx="12" cy="5.5" r=".6"/><circle cx="12" cy="12" r=".6"/>'
             '<circle cx="12" cy="18.5" r=".6"/>')
CLOSE = _icon('<path d="m6 6 12 12M18 6 6 18"/>')
THUMB_UP = _icon('<path d="M7.5 10.5v9H5a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 5 '
                 '10.5zm0 0L11 3.8c1.7 0 2.7 1.2 2.4 2.8l-.6 2.9h5.4a2 2 0 0 1 2 '
                 '2.4l-1.2 6a2 2 0 0 1-2 1.6H7.5"/>')
THUMB_DOWN = f'<span class="turned">{THUMB_UP}</span>'
CHECK = _icon('<path d="m5 12.5 4.5 4.5L19 7.5"/>')
SPARK = _icon('<path d="M12 3.5c.6 4.7 3.2 7.6 8 8.5-4.8.9-7.4 3.8-8 8.5'
              '-.6-4.7-3.2-7.6-8-8.5 4.8-.9 7.4-3.8 8-8.5z"/>')

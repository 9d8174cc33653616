"""Web pages for shoppers: the chat, the widget, and their words."""

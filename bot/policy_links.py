"""Where the whole of a policy can be read."""

from urllib.parse import quote

from knowledge.entries import Entry


def policy_path(entry: Entry) -> str:
    """Return the site's path to this passage within its policy's page; empty for an FAQ entry."""
    if entry.kind != "policy":
        return ""
    policy, passage = split_policy_id(entry.id)
    anchor = f"#{quote(passage, safe='/')}" if passage else ""
    return f"/policies/{quote(policy, safe='')}?lang={quote(entry.language, safe='')}{anchor}"


def split_policy_id(entry_id: str) -> tuple[str, str]:
    """Return the policy's id and the passage's within it (empty for the text below the title)."""
    policy, _, passage = entry_id.partition("/")
    return policy, passage

"""Names where everybody reads them, pure: enough to know oneself, too little for others."""


def masked_name(name: str) -> str:
    """Return 李*静 for 李小静, 李* for 李静; of longer names the first and the last character."""
    if len(name) < 2:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"

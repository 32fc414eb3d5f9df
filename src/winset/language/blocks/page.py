def block_pages() -> dict[str, str]:
    return {}

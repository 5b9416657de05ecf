"""What makes a sentence of words, in any language."""


def stopped(text: str) -> str:
    """The text with one full stop at its end, also after `Inc.`; escaped text stays escaped."""
    return text if text.endswith(".") else text + "."


def sentence(text: str) -> str:
    """The text with its first letter upper case."""
    return text[:1].upper() + text[1:]

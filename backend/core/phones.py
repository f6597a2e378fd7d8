"""Phone numbers: forgiving in, E.164 out. North American unless a country code says otherwise."""

import phonenumbers


def e164(text: str) -> str | None:
    """The number in E.164, or None when it cannot be one."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def found_in(text: str) -> str | None:
    """The first number in a text, in E.164."""
    for match in phonenumbers.PhoneNumberMatcher(text[:20_000], "US", leniency=phonenumbers.Leniency.POSSIBLE):
        if len(str(match.number.national_number)) >= 10:
            return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None

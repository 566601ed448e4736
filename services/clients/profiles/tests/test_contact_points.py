"""The short ways of checking agree with the libraries that they stand in for."""

from random import Random

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email

from services.clients.profiles import contact_points
from services.clients.profiles.contact_points import clean_address


def answer(check, *given: str) -> str:
    try:
        return check(*given)
    except ValueError:
        return "refused"


def test_numbers_are_what_the_library_says_of_them() -> None:
    random = Random(7)
    regions = ["ES"] * 60 + sorted(phonenumbers.SUPPORTED_REGIONS)
    for _ in range(5_000):
        region = random.choice(regions)
        example = phonenumbers.example_number_for_type(region, random.randrange(10))
        digits = list(str(example.national_number) if example else "612345678")
        for _ in range(random.randrange(4)):
            digits[random.randrange(len(digits))] = str(random.randrange(10))
        text = random.choice(["", "+34 ", "0", "34", f"+{phonenumbers.country_code_for_region(region)}"]) + "".join(
            digits
        )
        ours = answer(contact_points._e164, text, region)
        assert ours == answer(contact_points._e164_of_any, text, region), (text, region)


@pytest.mark.parametrize(
    "address",
    ["m@example.com", "a.b@Example.COM", "postmaster@example.com", "a..b@x.com", "a" * 65 + "@x.com", "a@localhost",
     "a@x.test", "a@exa_mple.com", "á@example.com", "a@" + "b." * 120 + "com", "a@ñ.es", "@x.com", "a@x.com.",
     "a@b@x.com",
     '"a"@x.com', "a@[1.2.3.4]", "abc@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".com", "a", "@", "a@-x.com"],
)  # fmt: skip
def test_addresses_are_what_the_library_says_of_them(address: str) -> None:
    def library(text: str) -> str:
        return validate_email(text, check_deliverability=False).normalized

    assert issubclass(EmailNotValidError, ValueError)
    assert answer(contact_points._normal_address, address) == answer(library, address)


def test_an_address_keeps_its_words_and_gets_the_codes_of_its_country() -> None:
    miami = {
        "country_code": "US",
        "lines": ["1 SW 8th St"],
        "locality": "Miami",
        "region": "fl",
        "postal_code": "33130",
    }
    assert clean_address(miami) == miami | {"region": "FL"}
    london = {"country_code": "GB", "lines": ["1 Mall"], "locality": "London", "region": "", "postal_code": "sw1a 1aa"}
    assert clean_address(london) == london | {"postal_code": "SW1A 1AA"}

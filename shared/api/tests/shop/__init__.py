"""A service made for the tests, with a till."""

from shared.card import Card


class ShopCard(Card):
    @property
    def package(self) -> str:
        return __name__


CARD = ShopCard(name="shop", owns="Money.", does_not_know="Anything else.", rooms=("till",))

"""The texts that come with the product, in every language that it speaks."""

from services.notifications.templates.defaults import en, es
from services.notifications.templates.defaults.text import Text

BY_LANGUAGE: dict[str, dict[str, Text]] = {"es": es.TEXTS, "en": en.TEXTS}

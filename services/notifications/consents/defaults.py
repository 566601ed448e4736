"""The words in which a consent is asked for, until the chain writes its own."""

from uuid import UUID

DEFAULTS: dict[tuple[str, str], tuple[UUID, str]] = {
    ("sms", "es"): (
        UUID("00000000-0000-7000-8000-000000000d01"),
        "Acepto recibir ofertas y novedades por SMS en este número. Puedo dejar de recibirlas cuando quiera,"
        " respondiendo BAJA o diciéndolo en recepción.",
    ),
    ("push", "es"): (
        UUID("00000000-0000-7000-8000-000000000d02"),
        "Acepto recibir ofertas y novedades como avisos en mis dispositivos. Puedo dejar de recibirlas cuando quiera,"
        " en el portal o diciéndolo en recepción.",
    ),
    ("email", "es"): (
        UUID("00000000-0000-7000-8000-000000000d03"),
        "Acepto recibir ofertas y novedades por correo electrónico en esta dirección. Puedo dejar de recibirlas"
        " cuando quiera, con el enlace de cada correo o diciéndolo en recepción.",
    ),
    ("sms", "en"): (
        UUID("00000000-0000-7000-8000-000000000d04"),
        "I agree to receive offers and news by SMS at this number. I can stop them at any time by answering STOP or"
        " by telling reception.",
    ),
    ("push", "en"): (
        UUID("00000000-0000-7000-8000-000000000d05"),
        "I agree to receive offers and news as notifications on my devices. I can stop them at any time in the portal"
        " or by telling reception.",
    ),
    ("email", "en"): (
        UUID("00000000-0000-7000-8000-000000000d06"),
        "I agree to receive offers and news by e-mail at this address. I can stop them at any time with the link in"
        " each e-mail or by telling reception.",
    ),
}

"""Spanish."""

from services.notifications.templates.defaults.text import Text

TEXTS = {
    "appointment_booked": Text(
        "Tu cita del {{ starts_at }}",
        """<h1>Tu cita está reservada</h1>
<p>Hola, {{ first_name }}:</p>
<p>Te esperamos el <strong>{{ starts_at }}</strong> en {{ branch }}.</p>
<ul>{% for service in services %}<li>{{ service }}</li>{% endfor %}</ul>
<p>Si no puedes venir, avísanos con tiempo y buscamos otra hora.</p>""",
        "{{ chain }}: tu cita es el {{ starts_at }} en {{ branch }}. Si no puedes venir, avisanos.",
        "Tienes cita el {{ starts_at }} en {{ branch }}.",
    ),
    "appointment_changed": Text(
        "Tu cita ha cambiado: {{ starts_at }}",
        """<h1>Tu cita ha cambiado</h1>
<p>Hola, {{ first_name }}:</p>
<p>Tu cita del {{ was_at }} es ahora el <strong>{{ starts_at }}</strong> en {{ branch }}.</p>
<ul>{% for service in services %}<li>{{ service }}</li>{% endfor %}</ul>
<p>Si no te viene bien, dínoslo y buscamos otra hora.</p>""",
        "{{ chain }}: tu cita del {{ was_at }} pasa al {{ starts_at }} en {{ branch }}.",
        "Tu cita pasa al {{ starts_at }} en {{ branch }}.",
    ),
    "appointment_cancelled": Text(
        "Tu cita del {{ starts_at }} está anulada",
        """<h1>Tu cita está anulada</h1>
<p>Hola, {{ first_name }}:</p>
<p>La cita del {{ starts_at }} en {{ branch }} queda anulada.</p>
<p>Cuando quieras otra, escríbenos o llámanos.</p>""",
        "{{ chain }}: tu cita del {{ starts_at }} en {{ branch }} queda anulada.",
        "Tu cita del {{ starts_at }} queda anulada.",
    ),
    "appointment_completed": Text(
        "Gracias por tu visita",
        """<h1>Gracias por venir</h1>
<p>Hola, {{ first_name }}:</p>
<p>Ha sido un placer atenderte en {{ branch }}. Si algo no fue como esperabas, responde a este correo y lo
vemos.</p>""",
        "",
        "Gracias por tu visita a {{ branch }}.",
    ),
    "appointment_no_show": Text(
        "Te echamos de menos",
        """<h1>Te echamos de menos</h1>
<p>Hola, {{ first_name }}:</p>
<p>Te esperábamos el {{ starts_at }} en {{ branch }} y no pudiste venir. ¿Buscamos otra hora?</p>""",
        "{{ chain }}: te esperabamos el {{ starts_at }}. Si quieres otra cita, llamanos.",
    ),
    "service_upcoming": Text(
        "Antes de tu cita del {{ starts_at }}",
        """<h1>Antes de tu cita</h1>
<p>Hola, {{ first_name }}:</p>
<p>Te esperamos el <strong>{{ starts_at }}</strong> en {{ branch }} para {{ service }}.</p>
{% if minutes_early %}<p>Ven {{ minutes_early }} minutos antes, por favor, y así empezamos a tiempo.</p>{% endif %}
{% if arrival %}<p>Al llegar, pregunta en recepción.</p>{% else %}<p>Mira cómo prepararte en tu portal:</p>
<p><a class="button" href="{{ link('portal') }}">Abrir el portal</a></p>{% endif %}""",
        "{{ chain }}: te esperamos el {{ starts_at }} en {{ branch }}.{% if minutes_early %} Ven {{ minutes_early }} "
        "minutos antes, por favor.{% endif %}",
        "Te esperamos el {{ starts_at }} en {{ branch }}.",
    ),
    "package_message": Text(
        "{{ title }}",
        """<h1>{{ title }}</h1>
<p>Hola, {{ first_name }}:</p>
<p>{{ text }}</p>
<p>Tu bono: {{ package }}.</p>""",
        "{{ chain }}: {{ title }}. {{ text }}",
        "Hay novedades de tu bono.",
    ),
    "package_education": Text(
        "{{ title }}",
        """<h1>{{ title }}</h1>
<p>Hola, {{ first_name }}:</p>
<p>{{ text }}</p>""",
        "{{ chain }}: {{ title }}. {{ text }} BAJA para no recibir mas.",
        "{{ title }}",
    ),
    "membership_started": Text(
        "Tu membresía{% if plan %} {{ plan }}{% endif %} ya está activa",
        """<h1>Te damos la bienvenida</h1>
<p>Hola, {{ first_name }}:</p>
<p>Tu membresía{% if plan %} <strong>{{ plan }}</strong>{% endif %} en {{ branch }} empieza el {{ starts_on }}.</p>
{% if next_on %}<p>El próximo pago es el {{ next_on }}.</p>{% endif %}
<p><a class="button" href="{{ link('memberships') }}">Ver mi membresía</a></p>""",
        "",
        "Tu membresía ya está activa.",
    ),
    "receipt": Text(
        "Recibo {{ invoice }}",
        """<h1>Hemos recibido tu pago</h1>
<p>Hola, {{ first_name }}:</p>
<p>Importe: <strong>{{ amount }}</strong>. Recibo {{ invoice }}.</p>
{% if plan %}<p>{{ plan }}{% if period_from %}, del {{ period_from }} al {{ period_to }}{% endif %}.</p>{% endif %}
{% if card_last_four %}<p>Tarjeta terminada en {{ card_last_four }}.</p>{% endif %}
<p><a class="button" href="{{ link('payments') }}">Ver mis pagos</a></p>""",
        "",
        "Hemos recibido tu pago. El recibo está en tu portal.",
    ),
    "renewal_upcoming": Text(
        "Tu membresía se renueva el {{ next_on }}",
        """<h1>Próximo pago</h1>
<p>Hola, {{ first_name }}:</p>
<p>El {{ next_on }} cobraremos <strong>{{ amount }}</strong>{% if plan %} por {{ plan }}{% endif %}.</p>
<p>Si tu tarjeta ha cambiado, puedes poner otra antes de ese día.</p>
<p><a class="button" href="{{ link('cards') }}">Mis tarjetas</a></p>""",
        "",
        "Tu membresía se renueva el {{ next_on }}.",
    ),
    "payment_failed": Text(
        "No hemos podido cobrar tu pago",
        """<h1>No hemos podido cobrar tu pago</h1>
<p>Hola, {{ first_name }}:</p>
<p>El cobro de <strong>{{ amount }}</strong>{% if plan %} por {{ plan }}{% endif %} con la tarjeta
{{ card_brand }} terminada en {{ card_last_four }} no ha salido bien.</p>
{% if next_on %}<p>Lo volveremos a intentar el {{ next_on }}. También puedes poner otra tarjeta
ahora.</p>{% else %}<p>No lo intentaremos más con esta tarjeta. Pon otra, por favor, o pásate por
recepción.</p>{% endif %}
<p><a class="button" href="{{ link('cards') }}">Poner otra tarjeta</a></p>""",
        "{{ chain }}: no hemos podido cobrar tu pago con la tarjeta terminada en {{ card_last_four }}."
        "{% if next_on %} Lo intentaremos otra vez el {{ next_on }}.{% endif %} Otra tarjeta: {{ link('cards') }}",
        "No hemos podido cobrar tu pago. Revisa tu tarjeta en el portal.",
    ),
    "payment_action_required": Text(
        "Tu banco te pide que confirmes un pago",
        """<h1>Confirma tu pago</h1>
<p>Hola, {{ first_name }}:</p>
<p>Tu banco quiere que confirmes el cobro de <strong>{{ amount }}</strong>{% if plan %} por {{ plan }}{% endif %}.
Hasta entonces no lo intentaremos de nuevo.</p>
<p><a class="button" href="{{ link('payments') }}">Confirmar el pago</a></p>""",
        "{{ chain }}: tu banco te pide que confirmes un pago: {{ link('payments') }}",
        "Tu banco te pide que confirmes un pago.",
    ),
    "card_expiring": Text(
        "Tu tarjeta caduca pronto",
        """<h1>Tu tarjeta caduca pronto</h1>
<p>Hola, {{ first_name }}:</p>
<p>La tarjeta {{ card_brand }} terminada en {{ card_last_four }} caduca en {{ days }} días. Pon otra para que tu
membresía siga sin interrupciones.</p>
<p><a class="button" href="{{ link('cards') }}">Poner otra tarjeta</a></p>""",
        "",
        "Una tarjeta tuya caduca pronto.",
    ),
    "membership_frozen": Text(
        "Tu membresía está en pausa",
        """<h1>Tu membresía está en pausa</h1>
<p>Hola, {{ first_name }}:</p>
<p>Tu membresía{% if plan %} {{ plan }}{% endif %} está en pausa desde el {{ frozen_from }} y vuelve el
{{ frozen_until }}.</p>
<p><a class="button" href="{{ link('memberships') }}">Ver mi membresía</a></p>""",
        "",
        "Tu membresía está en pausa hasta el {{ frozen_until }}.",
    ),
    "cancellation_scheduled": Text(
        "Tu membresía termina el {{ ends_on }}",
        """<h1>Hemos anotado la cancelación</h1>
<p>Hola, {{ first_name }}:</p>
<p>Tu membresía{% if plan %} {{ plan }}{% endif %} termina el <strong>{{ ends_on }}</strong>. Hasta ese día puedes
seguir usándola.</p>
{% if fee %}<p>Gastos de cancelación: {{ fee }}.</p>{% endif %}
<p>Si no lo has pedido tú, responde a este correo.</p>""",
        "",
        "Tu membresía termina el {{ ends_on }}.",
    ),
    "membership_cancelled": Text(
        "Tu membresía ha terminado",
        """<h1>Tu membresía ha terminado</h1>
<p>Hola, {{ first_name }}:</p>
<p>Tu membresía{% if plan %} {{ plan }}{% endif %} ha terminado y no habrá más cobros. Gracias por este
tiempo.</p>""",
        "",
        "Tu membresía ha terminado.",
    ),
    "gift_card_sold": Text(
        "Tienes una tarjeta regalo de {{ chain }}",
        """<h1>Tienes una tarjeta regalo</h1>
<p>Hola, {{ first_name }}:</p>
<p>Vale <strong>{{ amount }}</strong> en {{ chain }}. Su código termina en {{ last_four }}; está en la tarjeta que
te han dado.</p>
{% if expires_on %}<p>Puedes usarla hasta el {{ expires_on }}.</p>{% endif %}""",
        "{{ chain }}: tienes una tarjeta regalo de {{ amount }}. Su codigo termina en {{ last_four }}.",
    ),
    "form_assigned": Text(
        "Rellena «{{ form }}» antes de venir",
        """<h1>Tienes un formulario por rellenar</h1>
<p>Hola, {{ first_name }}:</p>
<p>Necesitamos que rellenes <strong>{{ form }}</strong>{% if due_at %} antes del {{ due_at }}{% endif %}. Lleva unos
minutos, y puedes seguir más tarde donde lo dejaste.</p>
<p><a class="button" href="{{ link('forms') }}">Rellenar el formulario</a></p>""",
        "{{ chain }}: tienes un formulario por rellenar: {{ link('forms') }}",
        "Tienes un formulario por rellenar.",
    ),
    "form_reminder": Text(
        "Aún falta «{{ form }}»",
        """<h1>Aún falta tu formulario</h1>
<p>Hola, {{ first_name }}:</p>
<p>Todavía no hemos recibido <strong>{{ form }}</strong>{% if due_at %}; lo necesitamos antes del
{{ due_at }}{% endif %}.</p>
<p><a class="button" href="{{ link('forms') }}">Seguir con el formulario</a></p>""",
        "{{ chain }}: aun falta tu formulario: {{ link('forms') }}",
        "Aún falta tu formulario.",
    ),
    "document_shown": Text(
        "Tienes un documento en tu portal",
        """<h1>Tienes un documento nuevo</h1>
<p>Hola, {{ first_name }}:</p>
<p>Hemos dejado un documento para ti en tu portal.</p>
<p><a class="button" href="{{ link('documents') }}">Ver el documento</a></p>""",
        "",
        "Tienes un documento nuevo en tu portal.",
    ),
    "preferences_changed": Text(
        "Hemos cambiado tus preferencias",
        """<h1>Tus preferencias han cambiado</h1>
<p>Hola, {{ first_name }}:</p>
<p>Hoy hemos cambiado en recepción sobre qué podemos escribirte. Si no lo pediste, míralo en tu portal y corrígelo.</p>
<p><a class="button" href="{{ link('preferences') }}">Ver mis preferencias</a></p>""",
    ),
    "campaign": Text(
        "{{ title }}",
        """<p>Hola, {{ first_name }}:</p>
<p>{{ text }}</p>""",
        "{{ text }}",
        "{{ text }}",
    ),
    "quick": Text(
        "{{ title }}",
        """<p>Hola, {{ first_name }}:</p>
<p>{{ text }}</p>""",
        "{{ text }}",
        "{{ text }}",
    ),
    "sign_in_link": Text(
        "Tu enlace para entrar en {{ chain }}",
        """<h1>Entra en tu portal</h1>
<p>Hola, {{ first_name }}:</p>
<p>Este enlace sirve una sola vez, durante 15 minutos:</p>
<p><a class="button" href="{{ sign_in_link }}">Entrar</a></p>
{% if sign_in_code %}<p>Si lo abres en otro dispositivo, te pedirá este código:
<strong>{{ sign_in_code }}</strong></p>{% endif %}
<p>Si no lo has pedido tú, no hace falta que hagas nada.</p>""",
        "{{ chain }}: entra aqui (15 minutos): {{ sign_in_link }}{% if sign_in_code %} Codigo: {{ sign_in_code }}"
        "{% endif %}",
    ),
}

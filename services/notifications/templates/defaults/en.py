"""English."""

from services.notifications.templates.defaults.text import Text

TEXTS = {
    "appointment_booked": Text(
        "Your appointment on {{ starts_at }}",
        """<h1>Your appointment is booked</h1>
<p>Hello {{ first_name }},</p>
<p>We look forward to seeing you on <strong>{{ starts_at }}</strong> at {{ branch }}.</p>
<ul>{% for service in services %}<li>{{ service }}</li>{% endfor %}</ul>
<p>If you cannot come, let us know in good time and we will find another hour.</p>""",
        "{{ chain }}: your appointment is on {{ starts_at }} at {{ branch }}. If you cannot come, let us know.",
        "You have an appointment on {{ starts_at }} at {{ branch }}.",
    ),
    "appointment_changed": Text(
        "Your appointment has changed: {{ starts_at }}",
        """<h1>Your appointment has changed</h1>
<p>Hello {{ first_name }},</p>
<p>Your appointment of {{ was_at }} is now on <strong>{{ starts_at }}</strong> at {{ branch }}.</p>
<ul>{% for service in services %}<li>{{ service }}</li>{% endfor %}</ul>
<p>If that does not suit you, tell us and we will find another hour.</p>""",
        "{{ chain }}: your appointment of {{ was_at }} is now on {{ starts_at }} at {{ branch }}.",
        "Your appointment is now on {{ starts_at }} at {{ branch }}.",
    ),
    "appointment_cancelled": Text(
        "Your appointment on {{ starts_at }} is cancelled",
        """<h1>Your appointment is cancelled</h1>
<p>Hello {{ first_name }},</p>
<p>The appointment on {{ starts_at }} at {{ branch }} will not take place.</p>
<p>Whenever you want another one, write to us or call us.</p>""",
        "{{ chain }}: your appointment on {{ starts_at }} at {{ branch }} is cancelled.",
        "Your appointment on {{ starts_at }} is cancelled.",
    ),
    "appointment_completed": Text(
        "Thank you for your visit",
        """<h1>Thank you for coming</h1>
<p>Hello {{ first_name }},</p>
<p>It was a pleasure to have you at {{ branch }}. If anything was not as you expected, reply to this e-mail.</p>""",
        "",
        "Thank you for your visit to {{ branch }}.",
    ),
    "appointment_no_show": Text(
        "We missed you",
        """<h1>We missed you</h1>
<p>Hello {{ first_name }},</p>
<p>We expected you on {{ starts_at }} at {{ branch }} and you could not come. Shall we find another hour?</p>""",
        "{{ chain }}: we expected you on {{ starts_at }}. Call us for another appointment.",
    ),
    "service_upcoming": Text(
        "Before your appointment on {{ starts_at }}",
        """<h1>Before your appointment</h1>
<p>Hello {{ first_name }},</p>
<p>We look forward to seeing you on <strong>{{ starts_at }}</strong> at {{ branch }} for {{ service }}.</p>
{% if minutes_early %}<p>Please come {{ minutes_early }} minutes early, so that we can begin on time.</p>{% endif %}
{% if arrival %}<p>When you arrive, ask at the desk.</p>{% else %}<p>See how to prepare in your portal:</p>
<p><a class="button" href="{{ link('portal') }}">Open the portal</a></p>{% endif %}""",
        "{{ chain }}: see you on {{ starts_at }} at {{ branch }}.{% if minutes_early %} Please come {{ "
        "minutes_early }} minutes early.{% endif %}",
        "See you on {{ starts_at }} at {{ branch }}.",
    ),
    "package_message": Text(
        "{{ title }}",
        """<h1>{{ title }}</h1>
<p>Hello {{ first_name }},</p>
<p>{{ text }}</p>
<p>Your package: {{ package }}.</p>""",
        "{{ chain }}: {{ title }}. {{ text }}",
        "There is news about your package.",
    ),
    "package_education": Text(
        "{{ title }}",
        """<h1>{{ title }}</h1>
<p>Hello {{ first_name }},</p>
<p>{{ text }}</p>""",
        "{{ chain }}: {{ title }}. {{ text }} Reply STOP to end.",
        "{{ title }}",
    ),
    "membership_started": Text(
        "Your membership{% if plan %} {{ plan }}{% endif %} is active",
        """<h1>Welcome</h1>
<p>Hello {{ first_name }},</p>
<p>Your membership{% if plan %} <strong>{{ plan }}</strong>{% endif %} at {{ branch }} begins on {{ starts_on }}.</p>
{% if next_on %}<p>The next payment is on {{ next_on }}.</p>{% endif %}
<p><a class="button" href="{{ link('memberships') }}">See my membership</a></p>""",
        "",
        "Your membership is active.",
    ),
    "receipt": Text(
        "Receipt {{ invoice }}",
        """<h1>We have received your payment</h1>
<p>Hello {{ first_name }},</p>
<p>Amount: <strong>{{ amount }}</strong>. Receipt {{ invoice }}.</p>
{% if plan %}<p>{{ plan }}{% if period_from %}, {{ period_from }} to {{ period_to }}{% endif %}.</p>{% endif %}
{% if card_last_four %}<p>Card ending in {{ card_last_four }}.</p>{% endif %}
<p><a class="button" href="{{ link('payments') }}">See my payments</a></p>""",
        "",
        "We have received your payment. The receipt is in your portal.",
    ),
    "renewal_upcoming": Text(
        "Your membership renews on {{ next_on }}",
        """<h1>Next payment</h1>
<p>Hello {{ first_name }},</p>
<p>On {{ next_on }} we will charge <strong>{{ amount }}</strong>{% if plan %} for {{ plan }}{% endif %}.</p>
<p>If your card has changed, you can add another one before that day.</p>
<p><a class="button" href="{{ link('cards') }}">My cards</a></p>""",
        "",
        "Your membership renews on {{ next_on }}.",
    ),
    "payment_failed": Text(
        "We could not take your payment",
        """<h1>We could not take your payment</h1>
<p>Hello {{ first_name }},</p>
<p>The payment of <strong>{{ amount }}</strong>{% if plan %} for {{ plan }}{% endif %} with your
{{ card_brand }} card ending in {{ card_last_four }} did not go through.</p>
{% if next_on %}<p>We will try again on {{ next_on }}. You can also add another card now.</p>{% else %}<p>We will
not try this card again. Please add another one, or pay at the desk.</p>{% endif %}
<p><a class="button" href="{{ link('cards') }}">Add another card</a></p>""",
        "{{ chain }}: we could not take your payment with the card ending in {{ card_last_four }}."
        "{% if next_on %} We will try again on {{ next_on }}.{% endif %} Another card: {{ link('cards') }}",
        "We could not take your payment. Check your card in the portal.",
    ),
    "payment_action_required": Text(
        "Your bank asks you to confirm a payment",
        """<h1>Confirm your payment</h1>
<p>Hello {{ first_name }},</p>
<p>Your bank wants you to confirm the payment of <strong>{{ amount }}</strong>{% if plan %} for
{{ plan }}{% endif %}. Until then we will not try again.</p>
<p><a class="button" href="{{ link('payments') }}">Confirm the payment</a></p>""",
        "{{ chain }}: your bank asks you to confirm a payment: {{ link('payments') }}",
        "Your bank asks you to confirm a payment.",
    ),
    "card_expiring": Text(
        "Your card expires soon",
        """<h1>Your card expires soon</h1>
<p>Hello {{ first_name }},</p>
<p>Your {{ card_brand }} card ending in {{ card_last_four }} expires in {{ days }} days. Add another one, so that
your membership goes on without a break.</p>
<p><a class="button" href="{{ link('cards') }}">Add another card</a></p>""",
        "",
        "One of your cards expires soon.",
    ),
    "membership_frozen": Text(
        "Your membership is frozen",
        """<h1>Your membership is frozen</h1>
<p>Hello {{ first_name }},</p>
<p>Your membership{% if plan %} {{ plan }}{% endif %} is frozen from {{ frozen_from }} and goes on on
{{ frozen_until }}.</p>
<p><a class="button" href="{{ link('memberships') }}">See my membership</a></p>""",
        "",
        "Your membership is frozen until {{ frozen_until }}.",
    ),
    "cancellation_scheduled": Text(
        "Your membership ends on {{ ends_on }}",
        """<h1>We have noted your cancellation</h1>
<p>Hello {{ first_name }},</p>
<p>Your membership{% if plan %} {{ plan }}{% endif %} ends on <strong>{{ ends_on }}</strong>. Until that day you can
go on using it.</p>
{% if fee %}<p>Cancellation fee: {{ fee }}.</p>{% endif %}
<p>If this was not you, reply to this e-mail.</p>""",
        "",
        "Your membership ends on {{ ends_on }}.",
    ),
    "membership_cancelled": Text(
        "Your membership has ended",
        """<h1>Your membership has ended</h1>
<p>Hello {{ first_name }},</p>
<p>Your membership{% if plan %} {{ plan }}{% endif %} has ended and nothing more will be charged. Thank you for this
time.</p>""",
        "",
        "Your membership has ended.",
    ),
    "gift_card_sold": Text(
        "You have a gift card for {{ chain }}",
        """<h1>You have a gift card</h1>
<p>Hello {{ first_name }},</p>
<p>It is worth <strong>{{ amount }}</strong> at {{ chain }}. Its code ends in {{ last_four }}; it is on the card
that you were given.</p>
{% if expires_on %}<p>You can use it until {{ expires_on }}.</p>{% endif %}""",
        "{{ chain }}: you have a gift card worth {{ amount }}. Its code ends in {{ last_four }}.",
    ),
    "form_assigned": Text(
        "Please fill in “{{ form }}” before you come",
        """<h1>You have a form to fill in</h1>
<p>Hello {{ first_name }},</p>
<p>Please fill in <strong>{{ form }}</strong>{% if due_at %} by {{ due_at }}{% endif %}. It takes a few minutes, and
you can go on later where you stopped.</p>
<p><a class="button" href="{{ link('forms') }}">Fill in the form</a></p>""",
        "{{ chain }}: you have a form to fill in: {{ link('forms') }}",
        "You have a form to fill in.",
    ),
    "form_reminder": Text(
        "“{{ form }}” is still missing",
        """<h1>Your form is still missing</h1>
<p>Hello {{ first_name }},</p>
<p>We have not received <strong>{{ form }}</strong> yet{% if due_at %}; we need it by {{ due_at }}{% endif %}.</p>
<p><a class="button" href="{{ link('forms') }}">Go on with the form</a></p>""",
        "{{ chain }}: your form is still missing: {{ link('forms') }}",
        "Your form is still missing.",
    ),
    "document_shown": Text(
        "There is a document in your portal",
        """<h1>You have a new document</h1>
<p>Hello {{ first_name }},</p>
<p>We have left a document for you in your portal.</p>
<p><a class="button" href="{{ link('documents') }}">See the document</a></p>""",
        "",
        "You have a new document in your portal.",
    ),
    "preferences_changed": Text(
        "We have changed your preferences",
        """<h1>Your preferences have changed</h1>
<p>Hello {{ first_name }},</p>
<p>Today we changed at the desk what we may write to you about. If you did not ask for it, look at it in your portal
and put it right.</p>
<p><a class="button" href="{{ link('preferences') }}">See my preferences</a></p>""",
    ),
    "campaign": Text(
        "{{ title }}",
        """<p>Hello {{ first_name }},</p>
<p>{{ text }}</p>""",
        "{{ text }}",
        "{{ text }}",
    ),
    "quick": Text(
        "{{ title }}",
        """<p>Hello {{ first_name }},</p>
<p>{{ text }}</p>""",
        "{{ text }}",
        "{{ text }}",
    ),
    "sign_in_link": Text(
        "Your link to sign in at {{ chain }}",
        """<h1>Open your portal</h1>
<p>Hello {{ first_name }},</p>
<p>This link works once, within 15 minutes:</p>
<p><a class="button" href="{{ sign_in_link }}">Sign in</a></p>
{% if sign_in_code %}<p>On another device it will ask for this code:
<strong>{{ sign_in_code }}</strong></p>{% endif %}
<p>If this was not you, there is nothing that you need to do.</p>""",
        "{{ chain }}: sign in here (15 minutes): {{ sign_in_link }}{% if sign_in_code %} Code: {{ sign_in_code }}"
        "{% endif %}",
    ),
}

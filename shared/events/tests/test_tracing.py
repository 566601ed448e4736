"""One correlation id, and one W3C trace, from the act to the last event that it leads to."""

import orjson

from shared.actor import Context, acting, current
from shared.contracts.directory import BRANCH_CHANGED, BRANCH_STATED
from shared.events.consumer import Consumer
from shared.events.outbox import emit
from shared.events.reactions import Reactions
from shared.ids import new_id

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
STAFF = "staff:0197a3c4-5a00-7000-8000-00000000000e"

reactions = Reactions()


@reactions.on(BRANCH_CHANGED)
def answer(session, event) -> None:
    emit(session, BRANCH_STATED, subject=new_id(), version=1, data=dict(BRANCH_STATED.example))
    assert current().correlation_id == "the-click"


def test_what_a_reaction_says_carries_on_what_led_to_it(house):
    with acting(Context(actor=STAFF, channel="console", correlation_id="the-click", traceparent=TRACE)):
        first = house.say()
    house.carry()
    transport = house.bus.connect("salon")
    consumer = Consumer(house.database, transport, reactions, service="salon", retry_delays=())
    house.work(consumer)
    transport.close()
    assert house.failures() == []
    said = orjson.loads(house.last_body())
    assert said["correlationid"] == "the-click"
    assert said["causationid"] == str(first)
    assert said["traceparent"] == TRACE
    assert (said["actor"], said["onbehalfof"], said["channel"]) == ("service:salon", STAFF, "event")

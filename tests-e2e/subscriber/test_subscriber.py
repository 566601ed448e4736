"""A program of somebody else, which shares no code with us, reads our events as a user who may only read."""

import subprocess
import sys
from pathlib import Path

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from shared.actor import Context
from shared.contracts.directory import BRANCH_ADDED
from shared.events.envelope import encode
from shared.events.rabbitmq import STREAM, RabbitMQ
from shared.events.transport import Outgoing
from shared.ids import new_id
from shared.testing.eventually import eventually

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples" / "subscriber.py"


@pytest.fixture
def directory(vhost):
    """What publishes as the directory does."""
    transport = RabbitMQ(vhost.url, service="directory")
    transport.declare("clients", [BRANCH_ADDED.type])
    yield transport
    transport.close()


@pytest.fixture
def subscribe(vhost, tmp_path):
    """Starts the program; answers what it has printed so far."""
    url = vhost.new_user(read=f"^{STREAM.name}$")
    started = []

    def start(*options: str):
        printed = tmp_path / f"{len(started)}.txt"
        command = [sys.executable, PROGRAM, url, *options]
        with printed.open("wb") as output:
            started.append(subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT))
        return printed.read_text

    start.url = url
    yield start
    for program in started:
        program.kill()
        program.wait()


def open_branch(directory: RabbitMQ, name: str) -> str:
    subject = new_id()
    context = Context(actor="service:directory", channel="api")
    data = {**BRANCH_ADDED.example, "id": str(subject), "name": name}
    event_id, body = encode(BRANCH_ADDED, subject=subject, version=1, data=data, context=context)
    directory.publish([Outgoing(event_id, BRANCH_ADDED.type, body)])
    return str(subject)


def test_it_prints_every_event_from_the_beginning_of_the_stream_and_then_goes_on(directory, subscribe):
    first = open_branch(directory, "Salamanca")
    printed = subscribe("--from-start")
    eventually(lambda: first in printed())
    second = open_branch(directory, "Chamberí")
    eventually(lambda: second in printed())
    assert [line.split()[1:3] for line in printed().splitlines()] == [
        [BRANCH_ADDED.type, first],
        [BRANCH_ADDED.type, second],
    ]


def test_without_a_word_it_prints_what_happens_from_now_on(directory, subscribe, vhost):
    before = open_branch(directory, "Salamanca")
    printed = subscribe()
    eventually(lambda: vhost.broker.api("GET", "consumers", vhost.name).json())
    after = open_branch(directory, "Chamberí")
    eventually(lambda: after in printed())
    assert before not in printed()


def test_its_user_may_not_say_anything(directory, subscribe):
    with pika.BlockingConnection(pika.URLParameters(subscribe.url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            channel.basic_publish("foyer.events", BRANCH_ADDED.type, b"{}")


def test_the_readme_shows_this_very_program():
    assert PROGRAM.read_text() in (ROOT / "README.md").read_text()

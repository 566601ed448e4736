"""Prints Foyer's events: python examples/subscriber.py amqp://user:password@host/ [--from-start]"""

import json
import sys

import pika

url, *options = sys.argv[1:]
offset = "first" if "--from-start" in options else "next"  # or the time from which on, as an AMQP timestamp


def show(channel, method, properties, body):
    event = json.loads(body)
    print(event["time"], event["type"], event["subject"], event["data"], flush=True)
    channel.basic_ack(method.delivery_tag)


channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
channel.basic_qos(prefetch_count=100)  # a stream is not read without it
channel.basic_consume("foyer.events.log", show, arguments={"x-stream-offset": offset})
channel.start_consuming()

"""gunicorn for the folded site: two workers that share what the first of all processes has imported."""

from gevent import monkey

monkey.patch_all()  # before the site is imported here, once for both workers, and with it psycopg

worker_class = "gevent"
workers = 2
preload_app = True
graceful_timeout = 5
keepalive = 75  # after two seconds we closed it under a sign-in now and then: the console's own, and it is not repeated
control_socket_disable = True

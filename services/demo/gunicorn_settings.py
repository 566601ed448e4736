"""gunicorn for the folded site: two workers that share what the first of all processes has imported."""

from gevent import monkey

monkey.patch_all()  # before the site is imported here, once for both workers, and with it psycopg

worker_class = "gevent"
workers = 2
preload_app = True
graceful_timeout = 5
# The console uses its idle connections again. gunicorn would close them after two seconds, now and then just as a
# request is on its way; one that may not be repeated, such as a sign-in, would fail.
keepalive = 75
control_socket_disable = True

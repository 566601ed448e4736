# The one door of `make up`: nginx, as Debian keeps it. On Kubernetes an Ingress stands here.
ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends nginx-light >/dev/null \
 && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled /var/log/nginx
COPY deploy/nginx.conf /etc/nginx/nginx.conf
USER www-data
EXPOSE 8000
CMD ["nginx", "-e", "stderr", "-g", "daemon off;"]

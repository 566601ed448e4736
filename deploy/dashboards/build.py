"""Writes `foyer.json`, the dashboard that Grafana imports: `make dashboard`. One line per panel."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Panel = dict[str, Any]

STATE = 'max by (service) ({metric}{{service=~"$service"}})'
"""All roles of a service tell the same of its state."""


def state(metric: str) -> str:
    return STATE.format(metric=metric)


def rate(metric: str, by: str = "service", more: str = "") -> str:
    return f'sum by ({by}) (rate({metric}{{service=~"$service"{more}}}[$__rate_interval]))'


def quantile(share: float, metric: str, by: str = "service") -> str:
    buckets = f'sum by ({by}, le) (rate({metric}_bucket{{service=~"$service"}}[$__rate_interval]))'
    return f"histogram_quantile({share}, {buckets})"


PANELS = [
    ("Oldest event not yet published", "s", 60, {"{{service}}": state("foyer_outbox_oldest_seconds")}),
    ("Age of the queue", "s", 300, {"{{service}}": state("foyer_queue_age_seconds")}),
    ("Dead letters", "short", 1, {"{{service}}": state("foyer_dead_letters")}),
    ("Relays at work", "short", None, {"{{service}}": state("foyer_relay_active")}),
    ("Events published per second", "ops", None, {"{{service}}": rate("foyer_events_published_total")}),
    ("Events handled per second", "ops", None, {"{{service}}": rate("foyer_events_handled_total")}),
    (
        "From an event to its effect",
        "s",
        None,
        {
            "{{service}} median": quantile(0.5, "foyer_event_lag_seconds"),
            "{{service}} 99 %": quantile(0.99, "foyer_event_lag_seconds"),
        },
    ),
    ("Reactions that wait for another attempt", "short", None, {"{{service}}": state("foyer_retries")}),
    ("Events kept for another release", "s", 3600, {"{{service}}": state("foyer_awaiting_release_seconds")}),
    ("Requests per second", "reqps", None, {"{{service}}": rate("foyer_http_request_seconds_count")}),
    (
        "Time to answer",
        "s",
        None,
        {
            "{{service}} median": quantile(0.5, "foyer_http_request_seconds"),
            "{{service}} 99 %": quantile(0.99, "foyer_http_request_seconds"),
        },
    ),
    (
        "Requests that failed, per second",
        "reqps",
        None,
        {"{{service}} {{route}}": rate("foyer_http_request_seconds_count", "service, route", ', status=~"5.."')},
    ),
    ("Databases that answer", "short", None, {"{{service}}": state("foyer_database_up")}),
]
"""Title, unit, from where on it is red, and by legend what is shown."""


def panel(number: int, title: str, unit: str, red: float | None, queries: dict[str, str]) -> Panel:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if red is not None:
        steps.append({"color": "red", "value": red})
    lines = {"drawStyle": "line", "fillOpacity": 8, "thresholdsStyle": {"mode": "line" if red else "off"}}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {
            "defaults": {"unit": unit, "min": 0, "custom": lines, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + place), "expr": expression, "legendFormat": legend}
            for place, (legend, expression) in enumerate(queries.items())
        ],
    }


def dashboard() -> Panel:
    every = "label_values(foyer_database_up, service)"
    return {
        "uid": "foyer",
        "title": "Foyer",
        "tags": ["foyer"],
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [
                {"name": "datasource", "type": "datasource", "query": "prometheus"},
                {
                    "name": "service",
                    "type": "query",
                    "datasource": {"type": "prometheus", "uid": "${datasource}"},
                    "query": {"query": every, "refId": "services"},
                    "includeAll": True,
                    "multi": True,
                    "current": {"text": ["All"], "value": ["$__all"]},
                    "refresh": 2,
                },
            ]
        },
        "panels": [panel(number, *each) for number, each in enumerate(PANELS)],
    }


def as_text() -> str:
    return json.dumps(dashboard(), indent=2) + "\n"


if __name__ == "__main__":
    (HERE / "foyer.json").write_text(as_text())

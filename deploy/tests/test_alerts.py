"""The alert rules and the dashboard, by Prometheus' own tool and against what our processes really tell.

That each number moves when the thing breaks is in test_alarms; that an alert fires on such numbers is here.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.dashboards.build import as_text
from shared.contracts.directory import BRANCH_ADDED
from shared.telemetry import HANDLED, LAG, PUBLISHED

DEPLOY = Path(__file__).parents[1]
RULES = DEPLOY / "dashboards" / "alerts.yaml"
DASHBOARD = DEPLOY / "dashboards" / "foyer.json"


def promtool(*arguments: str) -> str:
    """What it says. Fails the test with that, or when it is not there."""
    found = shutil.which("promtool")
    assert found, "promtool is missing: apt-get install prometheus"
    done = subprocess.run([found, *arguments], cwd=RULES.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rules() -> list[dict]:
    return yaml.safe_load(RULES.read_text())["groups"][0]["rules"]


def panels() -> list[str]:
    return [target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]]


def names(expression: str) -> set[str]:
    return set(re.findall(r"\bfoyer_[a-z_]+", expression))


@pytest.fixture
def told(service_of) -> dict[str, set[str]]:
    """Every metric that a service tells, with its labels, by name."""
    service = service_of("clients")
    service.anonymous().get("/readyz")
    for metric in (PUBLISHED.labels("clients"), HANDLED.labels("clients", BRANCH_ADDED.type)):
        metric.inc()
    LAG.labels("clients").observe(0)
    text = service.anonymous().get("/metrics").text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.name: set(sample.labels) for sample in samples}


def test_prometheus_takes_the_rules():
    assert f"{len(rules())} rules found" in promtool("check", "rules", "alerts.yaml")


def test_each_alert_fires_when_it_should_and_is_silent_when_all_is_well():
    cases = yaml.safe_load((RULES.parent / "alerts.test.yaml").read_text())["tests"]
    for case in cases:
        assert {each["alertname"] for each in case["alert_rule_test"]} == {rule["alert"] for rule in rules()}
    promtool("test", "rules", "alerts.test.yaml")


def test_alerts_and_panels_ask_for_what_is_told(told):
    for expression in [rule["expr"] for rule in rules()] + panels():
        assert names(expression) and names(expression) <= told.keys(), expression
        assert all("service" in told[name] for name in names(expression)), expression


def test_every_alert_says_what_to_do():
    headings = re.findall(r"^#+ (.+)$", (DEPLOY / "README.md").read_text(), re.M)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for rule in rules():
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "deploy/README.md" and anchor in anchors, rule["alert"]


def test_the_dashboard_is_the_one_that_its_panels_say():
    assert DASHBOARD.read_text() == as_text(), "run `make dashboard`"

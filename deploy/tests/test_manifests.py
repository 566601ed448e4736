"""The Kubernetes manifests are what Kubernetes and KEDA understand, and ask for no more than they need."""

import os
from collections.abc import Iterator

import pytest
import yaml
from cloudcoil.models.keda import v1alpha1 as keda
from kubernetes_validate import validate

from deploy.kubernetes.render import HERE, OVERLAYS, fingerprint, kustomize, render, rendered

VERSIONS = ("1.30", "1.32", "1.34")


def manifests(overlay: str) -> list[dict]:
    return list(yaml.safe_load_all(rendered(overlay).read_text()))


def pods(overlay: str) -> Iterator[tuple[str, dict]]:
    """The name and the pod of everything that runs."""
    for manifest in manifests(overlay):
        if manifest["kind"] in ("Deployment", "Job"):
            yield manifest["metadata"]["name"], manifest["spec"]["template"]["spec"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_reviewed_is_what_the_sources_say(overlay):
    """By rendering again where this machine can; by the sources' fingerprint in any case."""
    text = rendered(overlay).read_text()
    assert f"Sources: {fingerprint()}\n" in text, "run `make manifests`"
    if kustomize():
        assert list(yaml.safe_load_all(render(overlay))) == manifests(overlay), "run `make manifests`"


@pytest.mark.skipif(not kustomize(), reason="this machine has neither kubectl nor kustomize")
def test_the_sandbox_can_be_added_to_an_overlay(tmp_path):
    """One process with its book, found by memberships and by browsers, in the place of Stripe."""
    sources = os.path.relpath(HERE, tmp_path)
    overlay = f"resources: [{sources}/overlays/small]\ncomponents: [{sources}/components/sandbox]\n"
    (tmp_path / "kustomization.yaml").write_text(overlay)
    found = {(m["kind"], m["metadata"]["name"]): m for m in yaml.safe_load_all(render(str(tmp_path)))}
    for manifest in found.values():
        validate(manifest, VERSIONS[0], strict=True)
    settings = found["ConfigMap", "foyer"]["data"]
    assert (settings["FOYER_GATEWAY"], settings["FOYER_SANDBOX_URL"]) == ("sandbox", "http://memberships-sandbox:8000")
    labels = found["Deployment", "memberships-sandbox"]["spec"]["template"]["metadata"]["labels"]
    assert found["Service", "memberships-sandbox"]["spec"]["selector"] == labels
    assert labels["app.kubernetes.io/component"] == "sandbox"
    paths = [each["path"] for each in found["Ingress", "foyer"]["spec"]["rules"][0]["http"]["paths"]]
    assert "/sandbox" in paths


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kubernetes_takes_every_field(overlay, version):
    for manifest in manifests(overlay):
        if not manifest["apiVersion"].startswith("keda.sh/"):
            validate(manifest, version, strict=True)


def test_keda_takes_every_field():
    ours = [each for each in manifests("high-availability") if each["apiVersion"] == "keda.sh/v1alpha1"]
    assert {each["kind"] for each in ours} == {"ScaledObject", "TriggerAuthentication"}
    for manifest in ours:
        read = getattr(keda, manifest["kind"]).model_validate(manifest)
        assert read.model_dump(by_alias=True, exclude_unset=True, mode="json") == manifest


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_runs_as_root_or_writes_to_its_root(overlay):
    for name, pod in pods(overlay):
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"], name
        assert not pod["automountServiceAccountToken"], name
        locked = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert container["securityContext"] == locked, name
        assert container["resources"]["requests"] and container["resources"]["limits"], name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_service_is_given_its_own_secrets_only_and_none_are_written_down(overlay):
    for name, pod in pods(overlay):
        secret = next(volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume)
        assert secret == name.rpartition("-")[0]
    assert "Secret" not in {manifest["kind"] for manifest in manifests(overlay)}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_policy_and_budget_and_service_selects_something(overlay):
    """A selector that matches nothing protects nothing, and nobody notices."""
    labels = [m["spec"]["template"]["metadata"]["labels"] for m in manifests(overlay) if m["kind"] in ("Deployment",)]
    for manifest in manifests(overlay):
        spec = manifest.get("spec", {})
        wanted = {
            "NetworkPolicy": lambda spec: spec["podSelector"].get("matchLabels", {}),
            "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
            "Service": lambda spec: spec["selector"],
        }.get(manifest["kind"])
        if wanted:
            assert any(wanted(spec).items() <= each.items() for each in labels), manifest["metadata"]["name"]


def test_what_scales_has_no_number_of_its_own():
    """Else every `apply` would set the number back that the load had asked for."""
    found = {(m["kind"], m["metadata"]["name"]): m for m in manifests("high-availability")}
    for (kind, _), manifest in found.items():
        if kind in ("HorizontalPodAutoscaler", "ScaledObject"):
            target = manifest["spec"]["scaleTargetRef"]["name"]
            assert "replicas" not in found["Deployment", target]["spec"]


def test_the_small_overlay_needs_no_operator():
    kinds = {manifest["kind"] for manifest in manifests("small")}
    assert kinds.isdisjoint({"ScaledObject", "TriggerAuthentication", "HorizontalPodAutoscaler", "PodDisruptionBudget"})

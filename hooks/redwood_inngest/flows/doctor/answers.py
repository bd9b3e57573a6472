"""Check: what the answers say of the app is still so."""

from __future__ import annotations

from collections.abc import Iterator

from .findings import NOTE, WARNING, Finding, Patient

# The facts that decide what is generated. Others have checks of their own, and the code style is
# read again on request.
_FACTS = ("framework", "api_path", "language", "module", "package_manager", "workspaces")


def facts(patient: Patient) -> Iterator[Finding]:
    """Whether the app is as the answers have it, and what was assumed about it."""
    found = patient.app.facts()
    for name in _FACTS:
        answered = patient.answers.get(name, found[name])  # earlier versions did not ask them all
        if answered != found[name]:
            message = f"the answers have {name} {answered}, and the app has {found[name]}."
            fix = f"redwood-inngest update --data {name}={found[name]}"
            yield Finding(WARNING, message, fix)
    for note in patient.app.notes:
        yield Finding(NOTE, note)

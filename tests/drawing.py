"""How examples are drawn that each take seconds: a few in `make test`, many in the soak."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))
# Making an example small may take longer than a test may: the soak does it.
QUICK = settings(PATIENT, phases=[Phase.explicit, Phase.reuse, Phase.generate])

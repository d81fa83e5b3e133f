"""How often one address may try codes of certificates: guessing must come to nothing."""

from typing import cast

from flask import current_app

from portal.web.rates import Rates

_KEY = "hours_check_rates"


def wait_of(address: str) -> int:
    """Count one try; return for how many seconds to answer no more, 0 for none."""
    kept = current_app.extensions.get(_KEY)
    if kept is None:
        config = current_app.config
        kept = current_app.extensions.setdefault(_KEY, Rates(config["PORTAL_REDIS_URL"]))
    rates = cast(Rates, kept)
    return rates.wait("hours-check", current_app.config["PORTAL_HOURS_CHECKS"], address)

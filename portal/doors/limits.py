"""How often a device may speak: see `portal.web.rates`."""

from portal.web.rates import Rates


class Limits:
    """What one token may send, and how many wrong tokens one address may try, a minute."""

    def __init__(self, *, redis_url: str, per_token: int, wrong_per_address: int) -> None:
        self._rates = Rates(redis_url)
        self._per_token = per_token
        self._wrong_per_address = wrong_per_address

    def wait_of_token(self, token_hash: str) -> int:
        """Count a request; return for how many seconds the device should wait, 0 for none."""
        return self._rates.wait("door-token", self._per_token, token_hash)

    def wait_after_wrong(self, address: str) -> int:
        """Count a wrong token; return for how many seconds to answer nothing else."""
        return self._rates.wait("door-wrong", self._wrong_per_address, address)

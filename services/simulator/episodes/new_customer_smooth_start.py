"""Plants and traps of `new_customer_smooth_start`, as in the simulated year."""

from __future__ import annotations

from services.simulator.episodes.orders import adopt

adopt("new_customer_smooth_start")

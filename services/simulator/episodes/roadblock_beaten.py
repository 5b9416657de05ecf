"""Plants and traps of `roadblock_beaten`, as in the simulated year."""

from __future__ import annotations

from services.simulator.episodes.orders import adopt

adopt("roadblock_beaten")

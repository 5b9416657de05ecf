"""What people and customers write: reasons, claims, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.simulator.dice import Dice

SLIP_REASONS = (
    "Castings arrived short, next lot due Thursday", "Test bench occupied by a rush repair",
    "Coating line down for two shifts", "Supplier moved the bearing delivery by a week",
    "Sick leave in final assembly", "Allocation given to an earlier order", "Rework after pressure test",
)  # fmt: skip
MOVE_REASONS = (
    "Commissioning on site moved", "Line stop at the customer rescheduled", "Warehouse stocktaking that week",
    "Project phase two starts later", "Crane only available the week after",
    "Customer changed its build plan",
)  # fmt: skip
HOLD_REASONS = (
    "Open items above the credit limit", "Dimension check on one lot pending", "End-use statement missing",
    "Certificate of origin not signed yet", "Insurance limit under review",
)  # fmt: skip
RETURN_CLAIMS = {
    "quality": ("Leaks at 6 bar", "Thread out of tolerance", "Sealing lip damaged", "Wrong hardness",
                "Motor hums and does not start", "Surface rusty after a week"),
    "transit_damage": ("Carton crushed on one side", "Pallet tipped over, housings cracked", "Wet packaging"),
    "wrong_item": ("Received the metric version", "Label and content differ", "Size below the one ordered"),
    "over_shipment": ("More than ordered", "One carton too many"),
    "changed_mind": ("No longer needed", "Ordered twice by mistake", "Design changed on our side"),
    "no_fault_found": ("Seems to leak, please check", "Noise in operation", "Does not fit our flange"),
}  # fmt: skip
DOCUMENT_ERRORS = {
    "packing_slip": ("Quantity on the slip differs from the carton", "Order number of the customer missing"),
    "bill_of_lading": ("Consignee address outdated", "Weight missing"),
    "invoice": ("Discount not applied", "Wrong tax number", "Freight charged although free"),
    "certificate": ("Material certificate of another lot", "Signature missing on the test report"),
}  # fmt: skip
COMPLAINTS = (
    "We had to open a second shift because your parts came too late.",
    "Nobody told us that half of the order would come later.",
    "The boxes were not labelled; goods-in spent a morning sorting them.",
    "Second time this quarter that the certificate was missing.",
    "We were promised a call back on Tuesday and are still waiting.",
    "Parts did not match the drawing revision we sent.",
)
COMPLIMENTS = (
    "Please thank everybody involved, our line never stopped.",
    "That was quicker than anyone here expected.",
    "Good to have somebody on the phone who knows the order.",
    "Clean paperwork, clean parts, on the day. Thank you.",
    "Your dispatcher stayed in touch until the truck was at our gate.",
)
_GLAD = (
    "Arrived as agreed.", "All good, thank you.", "Kept informed from start to finish.",
    "Well packed, well labelled.",
    "Exactly what we ordered, on the day.", "Reliable as usual.", "Good advice on the seal material.",
    "Driver called ahead, unloading took ten minutes.",
)  # fmt: skip
_SORRY = (
    "Later than promised.", "Had to ask twice for the delivery date.", "Papers incomplete.",
    "Part of it came late.",
    "Price is fine, delivery is not.", "Portal shows another date than the e-mail.",
    "Packaging could be better.",
)  # fmt: skip


def comment(dice: Dice, *, high: bool) -> str:
    """A survey comment that fits the score."""
    return dice.pick(_GLAD if high else _SORRY)

"""Roadblocks by category: what stands in the way, and what each side may do about it."""

from __future__ import annotations

from dataclasses import dataclass

from services.simulator.people import STAFF

Remedy = tuple[str, str, str]
"""Kind of intervention, department, what was done."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One category of roadblock; `on_the_way`: it strikes after the goods have left."""

    category: str
    descriptions: tuple[str, ...]
    operations: tuple[Remedy, ...]
    sales: tuple[Remedy, ...]
    cause: str | None = None
    on_the_way: bool = False


OBSTACLES = (
    Obstacle(
        "material_shortage",
        ("Castings for {product} are {days} days away",
         "Half of the raw parts for {product} failed at goods-in",
         "Supplier cut its allocation for {product}", "O-ring compound for {product} out of stock"),
        (("alternative_source", "procurement", "Bought the missing parts from a second source"),
         ("stock_transfer", "warehouse", "Moved stock over from the Lyon depot"),
         ("expedite", "procurement", "Had the supplier deliver by night courier"),
         ("substitution", "quality", "Released the approved equivalent material")),
        (("demand_reallocation", "sales", "Asked a distributor to give back stock it did not need yet"),
         ("spec_clarification", "sales", "Cleared with the customer that the equivalent grade may be used"),
         ("priority_call", "customer_service", "Learned from the customer which items its line needs first")),
        "supply",
    ),
    Obstacle(
        "capacity",
        ("Test bench for {product} booked out", "Final assembly {days} days behind",
         "Two fitters ill, {product} waits", "Machining centre down, spindle on its way"),
        (("overtime", "production", "Ran a Saturday shift"),
         ("capacity_added", "operations", "Moved two people over from the repair shop"),
         ("reschedule", "planning", "Re-sequenced the week so that this order went first")),
        (("priority_call", "sales", "Agreed with two other customers that their orders could wait a day"),
         ("order_simplification", "customer_service", "Merged three call-offs into one with the customer"),
         ("heads_up", "sales", "Warned the customer early and fixed a delivery window")),
        "forecast_miss",
    ),
    Obstacle(
        "quality_hold",
        ("Lot of {product} blocked after the pressure test", "Hardness of one lot at the limit",
         "Scratches found at final inspection of {product}"),
        (("quality_containment", "quality", "Sorted the lot and released the good parts"),
         ("overtime", "production", "Rebuilt the rejected pieces overnight"),
         ("stock_transfer", "logistics", "Replaced the blocked parts from the service stock"),
         ("corrective_action", "production", "Changed the fixture and repeated the run")),
        (("spec_clarification", "sales", "Got the customer's acceptance limit in writing"),
         ("heads_up", "customer_service", "Told the customer which lot it would get, and why"),
         ("demand_reallocation", "sales", "Swapped lots with an order that has a wider tolerance")),
        "quality",
    ),
    Obstacle(
        "carrier",
        ("Haulier cancelled the pick-up", "Truck broke down near the border",
         "Consignment left behind at the hub", "Groupage terminal on strike"),
        (("alternative_carrier", "logistics", "Booked a direct van with another haulier"),
         ("split_shipment", "warehouse", "Sent the urgent pallets ahead"),
         ("expedite", "logistics", "Put the consignment on the night service")),
        (("priority_call", "customer_service", "Arranged an evening slot at the customer's dock"),
         ("heads_up", "sales", "Called the customer and learned what was needed first"),
         ("terms_changed", "sales", "Agreed that the customer's own truck collects at the hub")),
        "carrier", on_the_way=True,
    ),
    Obstacle(
        "weather_civil",
        ("Motorway closed by snow", "Ferry crossings suspended in the storm", "Airport closed by fog",
         "Flood closed the rail line"),
        (("alternative_carrier", "logistics", "Rerouted by road around the closure"),
         ("stock_transfer", "logistics", "Served it from the regional depot instead"),
         ("reschedule", "operations", "Brought unloading forward by a shift")),
        (("heads_up", "customer_service", "Kept the customer posted twice a day"),
         ("priority_call", "sales", "Found out that goods-in would open on request"),
         ("terms_changed", "sales", "Had the delivery accepted at the customer's second gate")),
        "carrier", on_the_way=True,
    ),
    Obstacle(
        "customs_documents",
        ("Customs asks for the certificate of origin", "Tariff number queried at the border",
         "Export declaration held for a missing stamp"),
        (("process_fix", "logistics", "Filed the corrected declaration the same day"),
         ("expedite", "logistics", "Had the broker present the papers in person"),
         ("corrective_action", "quality", "Re-issued the certificates with signatures")),
        (("spec_clarification", "customer_service", "Got the end-use statement from the customer at once"),
         ("priority_call", "sales", "Had the customer's importer call its customs office"),
         ("heads_up", "sales", "Told the customer what to prepare for the release")),
        "customer", on_the_way=True,
    ),
    Obstacle(
        "order_error",
        ("Order shows the imperial version of {product}", "Drawing revision on the order is outdated",
         "Delivery address belongs to a closed site"),
        (("reschedule", "planning", "Pulled the right version into this week's plan"),
         ("overtime", "production", "Reworked the finished pieces to the right revision"),
         ("stock_transfer", "warehouse", "Repicked the order from two aisles")),
        (("spec_clarification", "customer_service", "Went through the order line by line with the customer"),
         ("order_simplification", "sales", "Replaced four special items by two standard ones"),
         ("corrective_action", "customer_service", "Corrected the order and had it countersigned")),
        "late_order_change",
    ),
    Obstacle(
        "credit_hold",
        ("Order blocked over an unpaid invoice", "Credit limit reached with this order",
         "Insurer reduced the limit overnight"),
        (("reschedule", "planning", "Kept the production slot open while the hold lasted"),
         ("expedite", "warehouse", "Picked and packed within two hours of the release"),
         ("overtime", "warehouse", "Loaded in the evening")),
        (("credit_release", "sales", "Cleared the open invoice with the customer's accounts"),
         ("terms_changed", "sales", "Agreed part payment in advance"),
         ("priority_call", "customer_service", "Sent the missing invoice copies and had them paid")),
        "customer",
    ),
    Obstacle(
        "customer_change",
        ("Customer needs the flanged version after all", "Customer doubled one item at short notice",
         "New labelling wanted on every carton"),
        (("reschedule", "planning", "Replanned the changed items within the day"),
         ("capacity_added", "production", "Opened a second assembly place"),
         ("overtime", "warehouse", "Relabelled all cartons in the late shift")),
        (("order_simplification", "sales", "Limited the change to the items that matter"),
         ("spec_clarification", "customer_service", "Had the new data sheet signed the same afternoon"),
         ("split_shipment", "sales", "Agreed on one truck instead of three call-offs")),
        "late_order_change",
    ),
    Obstacle(
        "customer_site",
        ("Customer's dock under repair", "Goods-in closed for an audit", "Site has no fork-lift on the day"),
        (("alternative_carrier", "logistics", "Found a truck with a tail lift"),
         ("reschedule", "logistics", "Turned the tour round to arrive before noon"),
         ("split_shipment", "warehouse", "Repacked to half pallets")),
        (("heads_up", "customer_service", "Got the gate plan and a contact for the day"),
         ("priority_call", "sales", "Had the site manager open a second gate"),
         ("terms_changed", "customer_service", "Agreed unloading by hand with the site")),
        "customer", on_the_way=True,
    ),
    Obstacle(
        "it_outage",
        ("Warehouse system down, no pick lists", "Label printer server lost its queue",
         "Interface to the haulier stuck"),
        (("process_fix", "warehouse", "Picked from paper lists"),
         ("overtime", "warehouse", "Shipped in the late shift once the system was back"),
         ("corrective_action", "operations", "Sent the bookings to the haulier by hand")),
        (("heads_up", "customer_service", "Phoned the advice through to the customer"),
         ("priority_call", "sales", "Listed which five orders could not wait"),
         ("order_simplification", "customer_service", "Had the customer accept one delivery note for all")),
    ),
    Obstacle(
        "other",
        ("Power cut in hall two", "Packaging for {product} not approved by the customer",
         "Lift in the warehouse stuck"),
        (("process_fix", "operations", "Brought in a generator"),
         ("buffer_changed", "planning", "Freed safety stock of {product} for this order"),
         ("capacity_added", "warehouse", "Moved the goods by hand with four people")),
        (("spec_clarification", "sales", "Had the packaging approved by photo"),
         ("heads_up", "customer_service", "Agreed a later hour on the same day"),
         ("demand_reallocation", "marketing", "Released the units kept for the trade fair")),
    ),
)  # fmt: skip
PREMIUM = frozenset({"expedite", "overtime", "alternative_carrier"})
_DEPARTMENTS = {remedy[1] for obstacle in OBSTACLES for remedy in (*obstacle.operations, *obstacle.sales)}
assert set(STAFF) >= _DEPARTMENTS

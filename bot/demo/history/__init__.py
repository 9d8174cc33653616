"""The demo shop's made-up past: shoppers, orders, parcels, returns and fraud."""

"""What the benches measure with: portals to fill, a district, the unit of time, servers, and printed figures."""

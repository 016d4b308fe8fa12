"""Speed as ratios measured in one run: machines differ and are noisy, ratios much less.

Each figure begins with the number of its goal. P2: what a page costs; P3: how that grows with the data; P4: redeeming
and resetting a code; P5: many guardians at once; P6: enabling a whole school; P7: letters; P8: rosters; P9: starting,
and memory while idle; P10: the size of pages. That a page asks as much for many rows as for one is left to the tests.
"""

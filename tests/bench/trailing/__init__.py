"""The parts of `bin/bench audit`: the design it is compared with, pgbench, the service, CPU."""

"""The load loop: clients, phases, rounds. What runs here is measured."""

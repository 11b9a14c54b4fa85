"""How fast adding and asking are, at sizes that nobody has at hand: begin with `recombining`, then `archives`."""

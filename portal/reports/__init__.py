"""Statistics: numerators and denominators are added, and every figure opens its rows."""

"""The working-day calendar (节假日、调休), and time counted in working hours."""

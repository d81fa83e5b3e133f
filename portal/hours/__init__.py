"""Study hours (学时): derived from confirmed rolls, make-ups and other training; never typed."""

"""Sign-up (报名): seats, the waiting list and its log."""

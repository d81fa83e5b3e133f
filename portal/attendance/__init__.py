"""Attendance (签到): the roll, its marks, its confirmation and its corrections."""

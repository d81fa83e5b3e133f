"""The passwords that guessers try first, offline: no list is asked over the network.

Kept are those that could pass the rules about length and classes, and the stems from which
people make them (`Admin` + `@2026`). Comparison ignores case and looks through the usual
substitutions (@ for a, 0 for o, $ for s).
"""

import re

# A stem with nothing but digits and symbols around it is as common as the stem alone.
STEMS = frozenset(
    """
    password passwd passw pass word admin administrator root user guest test tester demo system
    sysadmin manager master welcome hello letmein login logon access secret default changeme
    iloveyou loveyou lovely woaini woaiwojia woaizuguo wodemima mima mimashi nihao zhongguo china
    beijing shanghai qingdao shandong dangyuan dangjian dangwu zhibu shequ jiedao renmin gongchan
    qwer qwert qwerty qwertyuiop asdf asdfg asdfgh asdfghjkl zxcv zxcvb zxcvbn zxcvbnm qazwsx qaz
    wsx qazwsxedc wasd abc abcd abcde abcdef aa aaa aaaa aaaaaa a ab aabbcc xyz office windows
    microsoft huawei xiaomi lenovo oracle mysql server computer internet network company business
    monkey dragon sunshine princess football baseball superman batman shadow michael charlie
    summer winter spring autumn monday sunday january december november
    """.split()  # noqa: SIM905  a list of words is read as a list of words
)
_SUBSTITUTIONS = (str.maketrans("", ""), str.maketrans("@0$13!4", "aosleia"))
_TRAILING = "!@#$.*_-0123456789"
# Common as they are, without a stem.
EXACT = frozenset(
    """
    1qaz@wsx 1qaz2wsx !qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx zaq1@wsx !qaz@wsx 1qazxsw2
    1qaz!qaz qwe123 qwe!@#123 qwe123!@# asd123 asd123!@# zxc123 a1b2c3d4 a1b2c3 aa123456 abc123
    abc!@#123 p@ssw0rd passw0rd pa$$w0rd pa$$word trustno1 1234qwer 123qweasd 123qwe!@# qwer1234
    asdf1234 zxcv1234 1qaz@wsx3edc 1qaz2wsx3edc qaz123wsx q1w2e3r4t5 5201314 woaini1314 woaini520
    """.split()  # noqa: SIM905  a list of words is read as a list of words
)


def is_common(password: str) -> bool:
    """Return whether the password is among the first that a guesser tries."""
    folded = password.casefold()
    if folded in EXACT or folded.strip("!.@#*_-") in EXACT:
        return True
    return any(_is_filled_stem(folded.translate(table)) for table in _SUBSTITUTIONS) or any(
        _is_filled_stem(folded.rstrip(_TRAILING).translate(table)) for table in _SUBSTITUTIONS
    )


def _is_filled_stem(folded: str) -> bool:
    """Return whether the only letters of the password are one common stem."""
    runs = re.findall(r"[^\W\d_]+", folded)
    return len(runs) == 1 and runs[0] in STEMS

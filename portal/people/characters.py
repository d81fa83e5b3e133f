"""What the portal must know about single characters: code points, readings, strokes.

Readings come from pypinyin, stroke counts from the table of `strokes` (Unihan's kTotalStrokes,
93,000 characters). Kept here is only what no library has: the code points that GB 18030-2022
moved, the readings that a character has as a surname, and the order of strokes of
surnames with equally many. See docs/decisions/0006-names.md.
"""

import re
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

# The 18 code points that GB 18030-2022 moved out of the private use area: older software
# writes the key for what newer software writes as the value.
_MOVED_2022 = {
    0xE78D: "\ufe10",
    0xE78E: "\ufe12",
    0xE78F: "\ufe11",
    0xE790: "\ufe13",
    0xE791: "\ufe14",
    0xE792: "\ufe15",
    0xE793: "\ufe16",
    0xE794: "\ufe17",
    0xE795: "\ufe18",
    0xE796: "\ufe19",
    0xE81E: "\u9fb4",
    0xE826: "\u9fb5",
    0xE82B: "\u9fb6",
    0xE82C: "\u9fb7",
    0xE832: "\u9fb8",
    0xE843: "\u9fb9",
    0xE854: "\u9fba",
    0xE864: "\u9fbb",
}


def _private_use_of_gbk() -> dict[int, str]:
    """Map U+E815-E864, where GBK kept rare characters (䶮 among them), to standard ones.

    GBK gave the double bytes FE50-FEA0 private code points in their order; GB 18030 gives
    the same bytes standard ones.
    """
    trail_bytes = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    return {
        0xE815 + offset: bytes([0xFE, trail]).decode("gb18030")
        for offset, trail in enumerate(trail_bytes)
    }


# Six of them got standard code points only after GB 18030 had been written down.
_SIX_OF_GBK = {
    0xE816: "\U00020087",
    0xE817: "\U00020089",
    0xE818: "\U000200cc",
    0xE831: "\U000215d7",
    0xE83B: "\U0002298f",
    0xE855: "\U000241fe",
}

STANDARD_CODE_POINTS: dict[int, str] = {**_private_use_of_gbk(), **_SIX_OF_GBK, **_MOVED_2022}

# Readings as a surname, most usual first, in Hanyu Pinyin with the tone's number. A
# character that is read by its first general reading needs no entry.
SURNAME_READINGS: dict[str, tuple[str, ...]] = {
    "万俟": ("mo4 qi2",),
    "令狐": ("ling2 hu2",),
    "单于": ("chan2 yu2",),
    "夏侯": ("xia4 hou2",),
    "宇文": ("yu3 wen2",),
    "尉迟": ("yu4 chi2",),
    "澹台": ("tan2 tai2",),
    "皇甫": ("huang2 fu3",),
    "相里": ("xiang4 li3",),
    "诸葛": ("zhu1 ge3",),
    "长孙": ("zhang3 sun1",),
    "阿史那": ("a1 shi3 na4",),
    "鲜于": ("xian1 yu2",),
    "乐": ("yue4", "le4"),
    "乜": ("nie4",),
    "仇": ("qiu2",),
    "令": ("ling2",),
    "任": ("ren2",),
    "佴": ("nai4", "er4"),
    "区": ("ou1",),
    "华": ("hua4",),
    "单": ("shan4",),
    "卜": ("bu3",),
    "占": ("zhan1",),
    "员": ("yun4",),
    "哈": ("ha3",),
    "宁": ("ning4", "ning2"),
    "宓": ("mi4", "fu2"),
    "折": ("she2",),
    "撒": ("sa3",),
    "於": ("yu1",),
    "曾": ("zeng1",),
    "朴": ("piao2",),
    "查": ("zha1",),
    "柏": ("bai3", "bo2"),
    "洗": ("xian3",),
    "燕": ("yan1",),
    "牟": ("mu4", "mou2"),
    "相": ("xiang4",),
    "盖": ("ge3", "gai4"),
    "种": ("chong2",),
    "秘": ("bi4",),
    "繁": ("po2",),
    "纪": ("ji3", "ji4"),
    "缪": ("miao4",),
    "翟": ("zhai2", "di2"),
    "舍": ("she4",),
    "葛": ("ge3",),
    "蔚": ("yu4", "wei4"),
    "覃": ("qin2", "tan2"),
    "解": ("xie4",),
    "谌": ("chen2", "shen4"),
    "过": ("guo1",),
    "那": ("na1",),
    "都": ("du1",),
    "重": ("chong2",),
    "长": ("chang2",),
    "阚": ("kan4",),
    "隗": ("wei3", "kui2"),
    "颉": ("xie2",),
    "黑": ("he4", "hei1"),
    "郇": ("xun2", "huan2"),
    "郗": ("xi1", "chi1"),
    "郄": ("qie4", "xi4"),
    "召": ("shao4",),
    "句": ("gou1",),
    "适": ("kuo4", "shi4"),
    "藏": ("zang1",),
    "祭": ("zhai4", "ji4"),
    "蕃": ("pi2",),
    "奇": ("ji1", "qi2"),
    "阿": ("a1", "e1"),
}

LONGEST_SURNAME = max(map(len, SURNAME_READINGS))

# Surnames by the standard order of strokes (GF 3003-1999: number of strokes, then from the
# first stroke on 横 竖 撇 点 折). One line per number of strokes.
_SURNAMES_IN_STROKE_ORDER = (
    "丁卜刁力"
    "于干才万上山门卫马"
    "丰王亓井元韦云扎木五支不太区尤车戈牛毛长仁仇仉公乌勾卞文亢方计尹孔巴邓双"
    "玉甘艾古左厉石布龙平东卢帅旦叶申田由史央冉丘付白仝丛令印乐尔包邝冯兰宁让司尼加召皮边"
    "台母"
    "匡邢戎吉巩朴权过西百达成尧毕师吐曲吕年朱乔伍伏延仲任华伊向后全危多邬庄刘齐次衣闫闭羊"
    "关米江池汤宇安祁许农那阮孙阳阴牟买红纪"
    "寿麦玛扶折芮花苍严芦劳克苏杜巫李杨甫束豆来连轩肖时吴里员岑利邱何但伯佟位佘余谷邸狄邹"
    "况应冷辛冶闵汪沙沈宋初迟张陆阿陈努邵邰"
    "奉武青拓拉幸苗苟苑范茅林杭郁欧叔卓尚旺国明易迪呼罗图牧和季竺岳佴依金周狐冼庞於郑单宗"
    "官空郎房居屈孟孤练"
    "封项赵郝荆荣胡茹南柯查相柏柳战哈钟钭郜种段修信皇禹侯须俞郗独逄昝饶施闻闾姜娄洛宣宫祖"
    "祝费胥姚贺羿骆"
    "泰秦班敖袁都热盍耿聂莫晋桂桓格索栗贾夏原顾柴党晃晁晏钱秘倪徒徐殷爱奚翁卿凌栾高郭席离"
    "唐浦海涂宾容朗诸诺谈展陶姬通桑"
    "堵黄萧梅曹戚龚盛晦鄂崔银符第盘麻康鹿章商阎盖粘淳梁寇宿谌扈逯尉屠隋隆"
    "揭彭斯葛董敬蒋韩辜植惠覃粟赏景跋喻黑智嵇程傅焦储舒鲁童普曾湛温游富谢强缑"
    "鄢靳蓝蒲蒙楚楼裘甄雷虞路简詹鲍解廉雍阙满窦褚"
    "赫慕蔡蔺臧辕裴管鲜廖端阚漆谭翟熊缪"
    "樊暴墨黎德滕颜潘额禤豫"
    "燕薛薄霍冀穆衡澹璩戴鞠檀魏繁濮蹇瞿麴酆"
)
_SURNAME_POSITION = {
    character: position for position, character in enumerate(_SURNAMES_IN_STROKE_ORDER, 1)
}
_NO_POSITION = 999

_FIRST_HAN = 0x3400
_LAST_HAN = 0x3FFFF
_COUNTED = re.compile(r'"(.)":\s*(\d+)')
# Where Unihan counts another form than the one that is written in mainland China.
_STROKE_COUNTS = {"范": 8}


def is_han(character: str) -> bool:
    """Return whether a character is a Chinese one, newer blocks than Python knows included."""
    code = ord(character)
    return (
        0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0x20000 <= code <= 0x3FFFF
        or code == 0x3007
    )


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[str, ...]:
    """Return all readings of a character with the tone's number (5 = none), usual first."""
    marked = PINYIN_DICT.get(ord(character), "")
    numbered = (
        to_tone3(reading, v_to_u=True, neutral_tone_with_five=True)
        for reading in marked.split(",")
        if reading
    )
    return tuple(dict.fromkeys(numbered))


def spellings(reading: str) -> tuple[str, ...]:
    """Return how a reading is typed on a keyboard: `nü3` as nv, nu and nyu (passports)."""
    letters = reading.rstrip("12345")
    if "ü" not in letters:
        return (letters,)
    return tuple(letters.replace("ü", typed) for typed in ("v", "u", "yu"))


def stroke_count(character: str) -> int:
    """Return how many strokes a character has; 99, after all others, if nobody knows."""
    counts, place = _stroke_counts(), ord(character) - _FIRST_HAN
    counted = counts[place] if 0 <= place < len(counts) else 0
    return _STROKE_COUNTS.get(character) or counted or 99


@cache
def _stroke_counts() -> bytes:
    """Return the strokes of each character from the first on, a byte each.

    Read when the first name is put in order, and not by `strokes` itself: that keeps 93,000
    objects, 20 MB in every process.
    """
    table = metadata.distribution("strokes").locate_file("data/strokeCount.json")
    counts = bytearray(_LAST_HAN + 1 - _FIRST_HAN)
    for found in _COUNTED.finditer(Path(str(table)).read_text(encoding="utf-8")):
        counts[ord(found[1]) - _FIRST_HAN] = int(found[2])
    return bytes(counts).rstrip(b"\0")


def stroke_position(character: str) -> int:
    """Return the place among characters with equally many strokes; unknown ones come last."""
    return _SURNAME_POSITION.get(character, _NO_POSITION)


class SurnameReading(NamedTuple):
    """How long the surname at the head of a name is and how it is read."""

    length: int
    readings: tuple[tuple[str, ...], ...]


def surname_reading(letters: str) -> SurnameReading | None:
    """Return the surname at the head of a name if it is read in its own way.

    One tuple of readings for each character; a surname of two characters comes before one
    of a single character (单于 before 单).
    """
    for length in range(LONGEST_SURNAME, 0, -1):
        found = SURNAME_READINGS.get(letters[:length])
        if found is None or len(letters) <= length:
            continue
        columns = zip(*(reading.split(" ") for reading in found), strict=True)
        return SurnameReading(length, tuple(columns))
    return None

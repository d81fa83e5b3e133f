"""The people of the demo: all invented, the same ones every time."""

import csv
import io
import random
from dataclasses import dataclass

from portal.demo import organisations as places

_SURNAMES = (
    "王王王李李李张张张刘刘陈陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵覃武钱戴严"
    "单仇解曲栾逄矫隋宫纪迟"
)
_LONG_SURNAMES = ("欧阳", "上官", "诸葛", "司徒", "尉迟", "令狐")
_FIRST_OF_TWO = (
    "建国玉秀志文海春永德明晓雅思子佳俊宏淑桂凤立振兆敬学世福荣瑞慧雪若君欣宇泽锦润可书培"
)
_SECOND_OF_TWO = (
    "华兰英珍军强平芳敏丽娟涛斌辉杰霞萍波宁飞鹃琴梅青松山洋舟航帆岚源林川彤阳悦涵轩怡然博晨"
)
_ALONE = "伟静敏磊洋艳勇杰娟涛超霞刚健斌波宁莉琳晶峰浩鑫婷雪飞颖旭岩"
# Characters outside the basic plane or rare in fonts, middle dots, and names borne twice.
_SPECIAL = {
    "ZHL-01-01": ["龚䶮", "王伟", "李静"],
    "ZHL-01-02": ["覃㛃", "李静", "张敏"],
    "ZHL-01-03": ["沈𬱖", "张敏", "张敏"],
    "ZHL-01-04": ["古丽娜·吐尔洪", "欧阳静怡"],
    "ZHL-02-01": ["邵䶮晖", "王伟"],
    "ZHL-02-02": ["巴雅尔·朝鲁", "李静", "单培然"],
    "ZHL-02-03": ["仇若楠", "尉迟海宁"],
    "ZHL-03-01": ["江𬱖之", "解思远"],
    "ZHL-04-01": ["阿依夏木·买买提明", "张敏"],
}
_UNITS = [
    "退休",
    "退休",
    "退休",
    "自由职业",
    "海洋旅游服务企业职工",
    "餐饮企业职工",
    "小学教师",
    "社区卫生服务中心医师",
    "物业服务企业职工",
    "银行网点职员",
    "市直机关干部",
    "社会组织工作人员",
    "个体经营",
    "软件企业工程师",
]
_OFFICE_WORK = "珠海路街道办事处 干部"
_HOW_MANY = {places.OFFICE_BRANCH: 14, places.RED_PROPERTY: 9, places.ELDER_CARE: 11}
_USUALLY = 21


@dataclass(frozen=True)
class Member:
    """One row of the demo's roster; `key` is the account's name for those who have one."""

    name: str
    branch: str
    gender: str
    born: str
    joined: str
    phone: str
    party_post: str
    work: str
    key: str = ""


@dataclass(frozen=True)
class Guest:
    """Somebody from outside the roster: unit, post and rank instead of a branch."""

    name: str
    work_unit: str
    post: str
    rank: str = ""
    # Codes of the organisations that know and invite the person.
    invited_by: tuple[str, ...] = ()


# Those with an account and a branch: name, branch, gender, party post, work.
_KNOWN = {
    "office": ("安立舟", places.OFFICE_BRANCH, "女", "组织委员", "珠海路街道组织办 主任"),
    "secretary": ("季春和", "ZHL-01-01", "男", "", "汕头路社区 党委书记"),
    "secretary2": ("宫玉宁", "ZHL-02-01", "女", "", "海口路社区 党委书记"),
    "branch": ("郝建川", "ZHL-01-01", "男", "党支部书记", "退休教师"),
    "keeper": ("迟永源", places.RED_PROPERTY, "男", "党支部书记", "鲁商首府小区物业服务中心 经理"),
    "member1": ("栾海帆", "ZHL-01-01", "男", "", "海洋旅游服务企业职工"),
    "member2": ("龚䶮", "ZHL-01-01", "女", "", "小学教师"),
    "member3": ("李静", "ZHL-01-01", "女", "", "社区卫生服务中心医师"),
    "member4": ("纪兆林", "ZHL-01-02", "男", "", "退休"),
    "member5": ("覃㛃", "ZHL-01-02", "女", "", "餐饮企业职工"),
    "member6": ("李静", "ZHL-01-02", "女", "", "个体经营"),
    "member7": ("沈𬱖", "ZHL-01-03", "女", "", "软件企业工程师"),
    "member8": ("逄志航", "ZHL-01-03", "男", "", "退休"),
    "member9": ("古丽娜·吐尔洪", "ZHL-01-04", "女", "", "银行网点职员"),
    "member10": ("欧阳静怡", "ZHL-01-04", "女", "", "社会组织工作人员"),
    "member11": ("曲文松", "ZHL-02-01", "男", "", "退休"),
    "member12": ("邵䶮晖", "ZHL-02-01", "男", "", "物业服务企业职工"),
    "member13": ("矫雅岚", "ZHL-02-01", "女", "", "小学教师"),
    "member14": ("巴雅尔·朝鲁", "ZHL-02-02", "男", "", "自由职业"),
    "member15": ("单培然", "ZHL-02-02", "女", "", "市直机关干部"),
    "member16": ("李静", "ZHL-02-02", "女", "", "退休"),
    "member17": ("仇若楠", "ZHL-02-03", "女", "", "社区卫生服务中心医师"),
    "member18": ("尉迟海宁", "ZHL-02-03", "男", "", "海洋旅游服务企业职工"),
    "member19": ("隋立青", "ZHL-02-04", "男", "", "退休"),
    "member20": ("解书悦", "ZHL-02-04", "女", "", "银行网点职员"),
}

_EVERYWHERE = (places.OFFICE, places.SHANTOU, places.HAIKOU)

GUESTS = {
    "officer": Guest(
        "范敬舟", "区住房和城乡建设局", "物业管理科 科长", "乡科级正职", invited_by=_EVERYWHERE
    ),
    "visitor": Guest(
        "陶锦川", "市发展和改革委员会", "综合处 处长", "县处级正职", invited_by=_EVERYWHERE
    ),
    "sysadmin": Guest("贾润泽", "珠海路街道办事处", "系统管理员"),
    "secadmin": Guest("严可书", "珠海路街道办事处", "安全管理员"),
    "auditor": Guest("武敬宁", "珠海路街道纪工委", "审计管理员"),
    "chief-2": Guest(
        "段世杰", "市文化和旅游局", "产业发展处 处长", "县处级正职", invited_by=_EVERYWHERE
    ),
    "chief-3": Guest(
        "毛雅琴",
        "市人力资源和社会保障局",
        "就业促进处 副处长",
        "县处级副职",
        invited_by=_EVERYWHERE,
    ),
    "chief-4": Guest("贺宏波", "市民政局", "基层政权处 处长", "县处级正职", invited_by=_EVERYWHERE),
    "chief-5": Guest("顾晓岚", "市委组织部", "组织处 副处长", "县处级副职", invited_by=_EVERYWHERE),
    "chief-6": Guest("钱泽宇", "市政府办公厅", "督查处 处长", "县处级正职", invited_by=_EVERYWHERE),
    "owner-1": Guest(
        "谭振洋", "情人坝海鲜餐饮店", "经营者", invited_by=(places.OFFICE, places.SHANTOU)
    ),
    "owner-2": Guest(
        "陆思彤", "胡桃里音乐酒吧", "店长", invited_by=(places.OFFICE, places.SHANTOU)
    ),
    "owner-3": Guest(
        "苏俊帆", "帆船运动俱乐部", "负责人", invited_by=(places.OFFICE, places.SHANTOU)
    ),
    "owner-4": Guest(
        "汪雪悦", "游艇服务公司", "总经理", invited_by=(places.OFFICE, places.SHANTOU)
    ),
    "owner-5": Guest("夏国梅", "海岸书店", "店主", invited_by=(places.OFFICE, places.SHANTOU)),
    "owner-6": Guest(
        "龙宇轩", "文创设计工作室", "合伙人", invited_by=(places.OFFICE, places.SHANTOU)
    ),
    "owner-7": Guest(
        "白慧敏", "婚庆策划公司", "负责人", invited_by=(places.OFFICE, places.SHANTOU)
    ),
    "owner-8": Guest("侯德山", "精品酒店", "总经理", invited_by=(places.OFFICE, places.SHANTOU)),
    "resident-1": Guest("孟桂兰", "鲁商首府小区", "居民代表", invited_by=(places.SHANTOU,)),
    "resident-2": Guest("尹福平", "鲁商首府小区", "业委会委员", invited_by=(places.SHANTOU,)),
    "resident-3": Guest("薛秀珍", "鲁商首府小区", "志愿者", invited_by=(places.SHANTOU,)),
    "resident-4": Guest("雷学军", "汕头路社区", "退役军人志愿者", invited_by=(places.SHANTOU,)),
    "resident-5": Guest("黎春霞", "海口路社区", "楼组长", invited_by=(places.HAIKOU,)),
}


def members() -> list[Member]:
    """Return the roster, branch by branch; nothing in it depends on when it is made."""
    chance = random.Random("珠海路街道")
    phones = [f"1991{number:07d}" for number in chance.sample(range(10_000_000), 500)]
    roster: list[Member] = []
    for branch in places.BRANCHES:
        roster += _of_branch(branch, chance, phones)
    return roster


def _of_branch(branch: str, chance: random.Random, phones: list[str]) -> list[Member]:
    known = {key: row for key, row in _KNOWN.items() if row[1] == branch}
    made = [
        _member(name, branch, gender, post, work, chance, phones.pop(), key)
        for key, (name, _branch, gender, post, work) in known.items()
    ]
    taken = [member.name for member in made]
    names = [name for name in _SPECIAL.get(branch, []) if not _crossed_out(name, taken)]
    while len(made) + len(names) < _HOW_MANY.get(branch, _USUALLY - chance.randrange(5)):
        names.append(_name(chance))
    free = ["" if any("书记" in member.party_post for member in made) else "党支部书记"]
    free += ["组织委员", "宣传委员"]
    for place, name in enumerate(names):
        post = free[place] if place < len(free) else ""
        gender = chance.choice("男女")
        work = _OFFICE_WORK if branch == places.OFFICE_BRANCH else chance.choice(_UNITS)
        made.append(_member(name, branch, gender, post, work, chance, phones.pop()))
    return made


def _crossed_out(name: str, taken: list[str]) -> bool:
    """Strike a special name off the account holders that already bear it, once each."""
    if name not in taken:
        return False
    taken.remove(name)
    return True


def _name(chance: random.Random) -> str:
    surname = chance.choice(_LONG_SURNAMES) if chance.random() < 0.02 else chance.choice(_SURNAMES)
    if chance.random() < 0.25:
        return surname + chance.choice(_ALONE)
    return surname + chance.choice(_FIRST_OF_TWO) + chance.choice(_SECOND_OF_TWO)


def _member(
    name: str,
    branch: str,
    gender: str,
    post: str,
    work: str,
    chance: random.Random,
    phone: str,
    key: str = "",
) -> Member:
    retired = work.startswith("退休")
    year = chance.randrange(1938, 1962) if retired else chance.randrange(1966, 1999)
    joined = max(year + 20, 1960) + chance.randrange(3, 12)
    return Member(
        name=name,
        branch=branch,
        gender=gender,
        born=f"{year}.{chance.randrange(1, 13):02d}",
        joined=f"{min(joined, 2023)}.{chance.randrange(1, 13):02d}.{chance.randrange(1, 29):02d}",
        phone=phone,
        party_post=post,
        work=work,
        key=key,
    )


def table(roster: list[Member]) -> bytes:
    """Return the roster as the file that an office would import."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            "序号",
            "姓名",
            "性别",
            "出生年月",
            "所在党组织",
            "党内职务",
            "入党时间",
            "手机号码",
            "工作单位及职务",
        ]
    )
    for number, member in enumerate(roster, 1):
        writer.writerow(
            [
                number,
                member.name,
                member.gender,
                member.born,
                places.NAMES[member.branch],
                member.party_post,
                member.joined,
                member.phone,
                member.work,
            ]
        )
    return text.getvalue().encode()

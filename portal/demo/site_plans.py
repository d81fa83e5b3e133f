"""What the sites and routes of the demo are to be: places real or invented, texts invented.

Documents bear the word 演示; positions on the sketch were read from texts and are marked so.
"""

from dataclasses import dataclass, field

from portal.demo import organisations as places
from portal.sites.models import Level, SiteKind
from portal.sites.room_services import RoomFacts

MONTHS = 12
_WEEK = dict.fromkeys(range(1, 7), "9:00-11:30，14:00-17:00")
_OFFICE_HOURS = dict.fromkeys(range(5), "8:30-12:00，13:30-17:30")
_EVERY_DAY = dict.fromkeys(range(7), "9:00-17:00")
_SQUARE = dict.fromkeys(range(7), "8:00-21:00")

Title = tuple[str, Level, str, int | None]


@dataclass(frozen=True)
class SitePlan:
    """A site of the demo: what is written, and how long ago (days) it was named, if ever."""

    key: str
    name: str
    organisation: str
    kind: SiteKind
    place: tuple[int, int]
    summary: str
    address: str
    contact: str
    named_ago: int | None
    texts: dict[str, str] = field(default_factory=dict)
    rooms: tuple[RoomFacts, ...] = ()
    hours: dict[int, str] = field(default_factory=dict)
    # name, level, issuer, days until it expires (None: never)
    titles: tuple[Title, ...] = ()
    valid_days: int | None = None
    level: Level = Level.DISTRICT
    coordinates: tuple[float, float] | None = None


SITES = [
    SitePlan(
        "lushang",
        "鲁商首府小区红色物业示范点",
        places.RED_PROPERTY,
        SiteKind.RED_PROPERTY,
        (575, 386),
        "社区党委、居委会、业委会、物业企业坐到一张桌上议事，小区里的事不出小区就能办。",
        "汕头路社区鲁商首府小区",
        "物业服务中心 0532-5550 0101",
        345,
        {
            "compound": "鲁商首府小区",
            "property_company": "小区物业服务中心",
            "story": "物业党支部成立以后，每周二下午在红色书屋听居民说事。楼道灯、停车位、加装电梯这些事，当场能定的当场定，定不了的由社区党委牵头，一周内答复。\n\n党员业主亮身份、认岗位，二十多名党员分片联系楼栋，谁家有事先找谁，清清楚楚。",
            "facilities": "红色书屋藏书两千余册，兼作宣讲室。\n居民议事厅挂着议事规则和本月议题。\n党建展厅讲小区五年的变化。",
            "accessibility": "大门有坡道，红色书屋在一层；有无障碍卫生间。",
            "deliberation": "每月第一个周二下午开议事会，居民代表、物业、业委会参加；议题提前三天公布，结果次日上墙。",
            "transport": "公交到“鲁商首府”站下车，从北门进。\n来访车辆请停在北门外临时车位。",
        },
        (
            RoomFacts(
                name="红色书屋", capacity=40, equipment="投影、音响、可移动桌椅", is_step_free=True
            ),
            RoomFacts(name="居民议事厅", capacity=24, equipment="圆桌、白板", is_step_free=True),
            RoomFacts(name="党建展厅", capacity=60, equipment="讲解扩音器"),
        ),
        _WEEK,
        (
            ("区级红色物业示范点", Level.DISTRICT, "区委组织部", 385),
            ("文明实践示范小区", Level.SUB_DISTRICT, "珠海路街道", -60),
        ),
        valid_days=730,
    ),
    SitePlan(
        "elder",
        "一家亲为老服务中心",
        places.ELDER_CARE,
        SiteKind.SERVICE_CENTRE,
        (640, 510),
        "社会组织党支部带着志愿者为老人助餐、助浴、陪诊，看社会组织怎样办好养老服务。",
        "汕头路社区",
        "服务中心 0532-5550 0102",
        400,
        {
            "story": "中心每天为附近的老人做一百多份午餐，行动不便的由志愿者送到家。党支部的每名党员结对三户独居老人，每天通一次电话。",
            "facilities": "一楼活动厅、助餐点、日间照料室。",
            "accessibility": "全程无台阶，有轮椅可借。",
            "transport": "从汕头路向南步行五分钟。",
        },
        (RoomFacts(name="一楼活动厅", capacity=50, equipment="投影、音响", is_step_free=True),),
        _OFFICE_HOURS,
        (("社区养老服务示范点", Level.SUB_DISTRICT, "珠海路街道", None),),
        level=Level.SUB_DISTRICT,
    ),
    SitePlan(
        "benchmark",
        "中国水准零点科普教育基地",
        places.HAIKOU,
        SiteKind.SCIENCE_BASE,
        (878, 688),
        "全国高程从这里起算。看水准零点标志，听“珠峰有多高”是怎样量出来的。",
        "银海大世界院内",
        "基地接待处 0532-5550 0103",
        380,
        {
            "story": "水准零点是全国测量高程的起算点。参观约四十分钟：先看标志，再看验潮和测绘的图片，最后听一堂小课。",
            "facilities": "室外标志广场、科普展室。",
            "accessibility": "广场平整，展室门口有一级台阶，工作人员可以帮忙。",
            "transport": "沿东海路向东，在银海大世界门口下车。",
        },
        (
            RoomFacts(name="科普展室", capacity=30, equipment="讲解屏"),
            RoomFacts(name="标志广场", capacity=120, equipment="扩音器", is_step_free=True),
        ),
        _EVERY_DAY,
        (("全国科普教育示范基地", Level.NATIONAL, "", None),),
        level=Level.NATIONAL,
        coordinates=(120.424, 36.051),
    ),
    SitePlan(
        "sailing",
        "奥帆中心文明实践宣讲基地",
        places.AOMEN,
        SiteKind.CIVILISATION,
        (186, 800),
        "从帆船赛场到会客厅：听向海而兴的故事，看海洋旅游和时尚夜经济怎样带动一片街区。",
        "奥帆中心旗阵广场旁",
        "宣讲基地 0532-5550 0104",
        420,
        {
            "story": "宣讲在海边的露天台阶上进行，二十分钟一场，讲奥运帆船赛、峰会和街区这些年的变化。",
            "facilities": "旗阵广场、结婚礼堂、宣讲台阶。",
            "accessibility": "广场平整，有坡道到海边平台。",
            "transport": "公交到“奥帆中心”站，步行五分钟。",
        },
        (
            RoomFacts(name="旗阵广场", capacity=300, equipment="移动音响", is_step_free=True),
            RoomFacts(name="结婚礼堂", capacity=80, equipment="投影、音响"),
        ),
        _SQUARE,
        (("区新时代文明实践宣讲基地", Level.DISTRICT, "", None),),
        coordinates=(120.389, 36.058),
    ),
    SitePlan(
        "pier",
        "情人坝休闲风情一条街",
        places.AOMEN,
        SiteKind.INDUSTRY,
        (300, 862),
        "沿着堤坝走一趟，和业户聊经营，看时尚夜经济的真实样子。",
        "奥帆中心情人坝",
        "街区管理处 0532-5550 0105",
        395,
        {
            "story": "带着问题逛一圈：客流、租金、用工、夜间管理，问到的每一条都记下来带回去研究。",
            "transport": "从奥帆中心沿海边步行十分钟。",
        },
        hours=_SQUARE,
        level=Level.SUB_DISTRICT,
    ),
    SitePlan(
        "congress",
        "青岛国际会议中心",
        places.OFFICE,
        SiteKind.CIVILISATION,
        (112, 742),
        "走进峰会举办地，听一场“峰会效应”情景党课。",
        "奥帆中心西侧",
        "接待处 0532-5550 0106",
        300,
        {"transport": "从奥帆中心步行十分钟；团队从南门进。"},
        (RoomFacts(name="二层序厅", capacity=100, is_step_free=True),),
        _OFFICE_HOURS,
        level=Level.MUNICIPAL,
    ),
    SitePlan(
        "centre",
        "汕头路社区党群服务中心",
        places.SHANTOU,
        SiteKind.SERVICE_CENTRE,
        (590, 250),
        "社区党委的家：办事、议事、上党课都在这里。",
        "汕头路社区",
        "社区服务台 0532-5550 0107",
        440,
        {
            "facilities": "一楼服务大厅，二楼报告厅，三楼会议室。",
            "accessibility": "有电梯，各层有无障碍卫生间。",
            "deliberation": "每季度开一次社区联席会议。",
        },
        (
            RoomFacts(
                name="二楼报告厅", capacity=120, equipment="投影、音响、录播", is_step_free=True
            ),
            RoomFacts(
                name="三楼会议室", capacity=30, equipment="电视、视频会议", is_step_free=True
            ),
        ),
        {**_OFFICE_HOURS, 5: "9:00-11:30"},
        level=Level.SUB_DISTRICT,
    ),
    # Invented compounds: what goes wrong happens at no real place.
    SitePlan(
        "wanghai",
        "望海里小区红色物业点",
        places.HAIKOU,
        SiteKind.RED_PROPERTY,
        (915, 400),
        "老旧小区自治管理的试点。",
        "海口路社区望海里（虚构）",
        "物业服务站 0532-5550 0108",
        430,
        {"compound": "望海里小区"},
        (RoomFacts(name="邻里客厅", capacity=20),),
        {1: "9:00-11:00", 3: "9:00-11:00"},
        level=Level.SUB_DISTRICT,
    ),
    SitePlan(
        "binhai",
        "滨海新苑小区红色物业点",
        places.XINJIAZHUANG,
        SiteKind.RED_PROPERTY,
        (372, 210),
        "原辛家庄社区红色物业点。",
        "辛家庄社区滨海新苑（虚构）",
        "",
        435,
        {"compound": "滨海新苑小区"},
        level=Level.SUB_DISTRICT,
    ),
    SitePlan(
        "haiyun",
        "海韵家园小区红色物业点",
        places.HAIKOU,
        SiteKind.RED_PROPERTY,
        (860, 250),
        "物业党支部今年成立，居民说事会办了八次，现申报示范点。",
        "海口路社区海韵家园（虚构）",
        "物业服务站 0532-5550 0110",
        None,
        {"compound": "海韵家园小区"},
    ),
]


Stop = tuple[str, int, int, int | None, str]
ROUTES: list[tuple[str, str, int, str, list[Stop]]] = [
    (
        "党建引领情景党课路线",
        places.SHANTOU,
        9 * 60,
        "从红色物业到为老服务，再到水准零点：看党建怎样引领小区治理、社会组织和科普。",
        [
            ("lushang", 60, 12, 800, "参观展厅，在红色书屋听社区书记讲基层治理"),
            ("elder", 40, 25, 1700, "看助餐点和日间照料，听社会组织党支部介绍"),
            ("benchmark", 45, 0, None, "看水准零点标志，听科普小课"),
        ],
    ),
    (
        "向海而兴峰会效应路线",
        places.OFFICE,
        14 * 60,
        "听峰会怎样带动街区，和坝上业户面对面。",
        [
            ("congress", 40, 10, 700, "序厅听“峰会效应”情景党课"),
            ("sailing", 30, 10, 600, "旗阵广场听宣讲"),
            ("pier", 60, 0, None, "分组走访业户，问题逐条记下"),
        ],
    ),
]

CRITERIA = """前置条件：已成立小区党组织
党建引领好 30
- 组织设立 5
- 交叉任职 9
- 作用发挥 16
治理机制好 32
- 议事协商 16
- 办事公开 16
一票否决：被列入失信名单"""

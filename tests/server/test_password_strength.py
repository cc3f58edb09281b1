"""What somebody who knows the county would guess is refused; what people are advised to choose is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from forms_server.accounts.password_strength import MAX_LENGTH, weakness
from forms_server.accounts.passwords import one_use

CAMPAIGN = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
NAMES = ["zhoumin", "周敏", "longcheng", "龙城镇", "萧县龙城镇人民政府"]

GUESSABLE = [
    "Huitoukan@2022",
    "Longcheng@2022",
    "longchengzhen123",
    "Xiaoxian@2022",
    "xiaoxian2022!",
    "Xiaoxian123456",
    "suzhou20220809",
    "anhui@xiaoxian",
    "zhoumin1985",
    "Zhoumin@123",
    "zhoumin520",
    "zhoumin13905570001",
    "13905570001",
    "0557-2207626",
    "a13905570001",
    "19850312zm",
    "341322198503120018",
    "34132219850312001x",
    "zm19850312zm",
    "p@ssw0rd2022",
    "P@$$w0rd123",
    "Passw0rd!!",
    "Admin@2022",
    "admin123456",
    "Abc123456!",
    "Aa123456789!",
    "1qaz@WSX3edc",
    "1qaz2wsx3edc",
    "qwer1234asdf",
    "Qwer!@#$1234",
    "!QAZ2wsx#EDC",
    "asdfghjkl;",
    "zxcvbnm123",
    "1234qwer!@#$",
    "147258369abc",
    "woaini1314520",
    "Woaixiaoxian520",
    "wangxiaoming1985",
    "lixiaoming@1985",
    "zhangsan2022",
    "zhangsanlisi",
    "Zhangwei@198512",
    "liuyang123456",
    "fengchengjiedao1",
    "Guanqiaozhen2022",
    "yonggu20220831",
    "baitu2022baitu",
    "gongguban2022",
    "xiangcunzhenxing2022",
    "zhengyaozhuang1",
    "2022huitoukan2022",
    "htk2022htk2022",
    "Lvshuiqingshan2022",
    "aaaaaaaaaa1",
    "abcabcabcabc",
    "20220809abc",
    "1993-08-15abc",
    "aabbccddeeff",
    "llongcheng@2022",
    "Huit0ukan2022",
    "X1aoxian@2022",
    "nakuotiuh2022",
    "Welcome2022!",
    "Sunshine@2022",
    "office@2022#",
    "龙城镇2022年",
    "萧县回头看2022",
    "我爱你我爱你我爱你",
    "ｘｉａｏｘｉａｎ２０２２",
]

GOOD = [
    "baizhou-chuan-7", "qiu-shou-2022-ok", "chun-zhong-7-xia", "9 lan mei guo shu", "lan tian he ma qi che",
    "shuijing-huanghua-yueqiu", "maodun4jinyu-qiaoliang", "pingguo7xiangjiao", "huluobo-88-yusan", "heiban-tuoluo-9k",
    "ganzhe.tielu.kongque", "mangguo_xuebao_51", "xiangpi+hetao+ludeng", "liulian9dianche", "zhihui-qingwa-ditu",
    "correct-horse-battery-staple", "teapot orbit velvet", "green-kettle-99-lantern", "Violet.Bridge.Pencil",
    "copperkettlemarble", "seven turtles knit socks", "walnut&harbor&7", "oblique-tundra-wasp", "mitten.gravel.oboe",
    "xk7mqp2vwt", "q9Zr-tL4v-Wm2k", "Tg7#kPw2vN", "b8f3k2m9x4p7", "zR4!vq8Ls2Kd", "h2j9-x7kd-p4mn", "wq8vb3nz6tr2",
    "Kd93kf02mLsq", "7hG2kLp0QxT", "n4v8c1x9z7m3", "uE5bR9xWt2Jd", "pf6rk2vyt8xs", "XvB7-nTq4-Lr9d", "e3m8w1k6v5r9",
    "秋收冬藏春种夏长八月三十一", "半夜西瓜骑着蓝色拖拉机", "火车在雨里慢慢吃土豆", "三只狐狸路过旧图书馆", "月亮底下晒被子的骆驼",
    "茶壶里养了一条小鲸鱼", "明早记得买七斤石榴和盐", "九个灯笼挂在松树梢头", "木头椅子会唱几句越剧", "柿子红了就去看海豚跳舞",
    "wo-jia-san-zhi-mao-8", "zaoshang-he-doujiang-6", "gege mai le lv pingguo", "yizi-xia-you-qiuyin",
    "tudou=hao!chi?bu", "diannao.huai.le.xiu", "yueliang@chuang#qian9", "heniu-guo-he-da-yu", "nainai-yang-le-5-zhi-e",
    "songshu%cang%jianguo", "bingxiang_li_you_deng", "lanqiu-dao-wo-tou-3",
]  # fmt: skip


def test_there_are_sixty_of_each() -> None:
    assert min(len(set(GUESSABLE)), len(set(GOOD))) >= 60


@pytest.mark.parametrize("password", GUESSABLE)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    told = weakness(password, NAMES, CAMPAIGN)
    assert told
    assert password not in told


@pytest.mark.parametrize("password", GOOD)
def test_no_good_password_is_refused(password: str) -> None:
    assert weakness(password, NAMES, CAMPAIGN) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Fengcheng@2022", "本县的地名、单位名、年份、日期"),
        ("zhaolei13905570001", "电话号码、拼音人名"),
        ("341322198503120018", "身份证号"),
        ("1qaz@WSX3edc4rfv", "键盘顺序"),
        ("longcheng-9", "账号名或单位名"),
        ("woaini1314", "常见的密码"),
    ],
)
def test_a_refusal_says_what_it_is_made_of(password: str, why: str) -> None:
    assert why in str(weakness(password, NAMES, CAMPAIGN))


def test_places_of_another_county_are_no_words_of_this_one() -> None:
    assert weakness("yaozhuang-zhenxi", NAMES, CAMPAIGN) != weakness("yaozhuang-zhenxi")


def test_a_one_use_password_passes_as_a_chosen_one() -> None:
    assert not [each for each in (one_use() for _ in range(300)) if weakness(each, NAMES, CAMPAIGN)]


@given(st.text(max_size=MAX_LENGTH + 2))
def test_any_text_is_judged(password: str) -> None:
    assert weakness(password, ["x"], CAMPAIGN) is None or weakness(password, ["x"], CAMPAIGN)

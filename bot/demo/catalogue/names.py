"""Names the range uses: colours with their shades, and brands with their Chinese names."""

from bot.demo.catalogue.model import Colour

COLOURS = {
    colour.name: colour
    for colour in (
        Colour("moss green", "苔绿色", "green", "#63803f", "#e2a23b"),
        Colour("pine green", "松林绿", "green", "#2f6048", "#d9c9a3"),
        Colour("sage green", "鼠尾草绿", "green", "#9fb08c", "#5b4a3c"),
        Colour("lagoon green", "浅湖绿", "green", "#4fb39a", "#f2c14e"),
        Colour("olive green", "橄榄绿", "olive", "#75743a", "#d98f3c"),
        Colour("field khaki", "卡其色", "khaki", "#b7a06a", "#4a5a48"),
        Colour("slate blue", "石板蓝", "blue", "#4f6d94", "#e8b04a"),
        Colour("navy blue", "藏青色", "navy", "#2a4468", "#e07b3c"),
        Colour("sky blue", "天蓝色", "blue", "#5aa9d6", "#26486b"),
        Colour("teal blue", "孔雀蓝", "teal", "#1f8590", "#f0c65a"),
        Colour("ember red", "炭火红", "red", "#cf4532", "#3b4147"),
        Colour("brick red", "砖红色", "red", "#a44a38", "#e6cfa6"),
        Colour("sunset orange", "落日橙", "orange", "#e47b34", "#33516b"),
        Colour("mustard yellow", "芥末黄", "yellow", "#d6a02b", "#5a4433"),
        Colour("lemon yellow", "柠檬黄", "yellow", "#efd04a", "#3e4a54"),
        Colour("plum purple", "梅紫色", "purple", "#7a4a7c", "#dcc7e0"),
        Colour("rose pink", "玫瑰粉", "pink", "#dd7f96", "#6b4560"),
        Colour("coffee brown", "咖啡棕", "brown", "#6f4e38", "#d9ab63"),
        Colour("tan brown", "驼棕色", "brown", "#bb8a58", "#3f5a4a"),
        Colour("sand beige", "沙米色", "beige", "#dcc8a0", "#7d6a50"),
        Colour("graphite grey", "石墨灰", "grey", "#636c75", "#e2873f"),
        Colour("charcoal black", "炭黑色", "black", "#363c43", "#d4553f"),
        Colour("snow white", "雪白色", "white", "#eef0ee", "#5d86a3"),
    )
}

BRANDS_ZH = {
    "Brightmoor": "亮野",
    "Cairnly": "垒石",
    "Drovestone": "牧石",
    "Emberlee": "暖烬",
    "Fernway": "蕨径",
    "Kestrelon": "隼目",
    "Northlark": "北雀",
    "Otterbeck": "獭溪",
    "Pinewick": "松芯",
    "Rookhaven": "鸦湾",
    "Solgrove": "日林",
    "Stridewold": "步野",
}

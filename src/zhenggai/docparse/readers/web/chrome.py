"""Which part of a page is its content, found by weighing evidence.

From the body downwards the walk follows the child that holds most of the running text.  What stands beside that path
is outside: it is kept only when it reads like content (a title, a sentence) and nothing speaks against it.  Where the
running text no longer gathers in one child, the content begins: inside it everything is kept unless it is plainly
chrome.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from zhenggai.docparse.readers.web.element import Element
from zhenggai.docparse.readers.web.layout import is_data_table

_NEGATIVE = frozenset(
    [
        "nav",
        "navi",
        "navigation",
        "navbar",
        "menu",
        "submenu",
        "foot",
        "footer",
        "ft",
        "copyright",
        "copy",
        "crumb",
        "crumbs",
        "breadcrumb",
        "breadcrumbs",
        "bread",
        "location",
        "position",
        "sidebar",
        "side",
        "aside",
        "related",
        "relate",
        "relative",
        "recommend",
        "share",
        "bshare",
        "jiathis",
        "bdshare",
        "toolbar",
        "tools",
        "print",
        "fontsize",
        "font-size",
        "search",
        "login",
        "friend",
        "friendlink",
        "links",
        "link",
        "banner",
        "ad",
        "ads",
        "advert",
        "qrcode",
        "ewm",
        "erweima",
        "comment",
        "comments",
        "pinglun",
        "pager",
        "pagination",
        "page-nav",
        "prevnext",
        "prev",
        "next",
        "hot",
        "rank",
        "ranking",
        "tag",
        "tags",
        "skip",
        "wza",
        "barrier",
        "popup",
        "modal",
        "toast",
        "float",
        "lang",
        "weather",
        "dqwz",
        "weizhi",
        "mbx",
        "wzdh",
        "zoomfont",
        "xgxw",
        "xgnews",
        "xglj",
        "topbar",
        "statement",
        "sitemap",
        "back-top",
        "gotop",
        "backtop",
        "marquee",
        "counter",
        "hits",
    ]
)
_POSITIVE = frozenset(
    [
        "content",
        "article",
        "main",
        "detail",
        "text",
        "zoom",
        "trs",
        "editor",
        "ueditor",
        "news",
        "body",
        "con",
        "view",
        "pages",
        "ucapcontent",
        "vsb",
        "xxgk",
        "maintext",
        "artical",
        "newscontent",
        "bt",
        "info-con",
        "txt",
        "nr",
        "neirong",
        "zhengwen",
        "wz",
        "art",
    ]
)
_TITLE_TOKENS = frozenset(["title", "tit", "bt", "headline", "biaoti", "h1", "arttitle", "newstitle"])
_SEMANTIC = frozenset(("nav", "footer", "aside", "menu", "dialog", "form", "header"))
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "toolbar")
)
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STOPPERS = frozenset(
    ("p", "ul", "ol", "li", "blockquote", "pre", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "span", "font", "a")
)
_CHROME_TEXT = re.compile(
    r"(?:您(?:的|现在的|所在的)?位置|(?:您)?当前(?:的)?位置|所在位置)\s*(?:是)?\s*[:：]|^首页\s*[>＞»/|]"
    r"|[【\[(（]?\s*(?:字体|字号|文字大小)\s*[:：]|^\s*[【\[]?\s*大\s*中\s*小\s*[】\]]?\s*$"
    r"|^\W*(?:(?:打印|关闭|收藏|返回|纠错|复制|下载|保存|我要纠错|TOP|大|中|小)(?:此|本|当前)?(?:页面?|窗口|顶部|链接|首页|上一页|列表|文章|文本|全文|本页)?\W*)+$"
    r"|分享(?:到|至|:|：)|扫一扫|扫码|二维码|手机(?:看|浏览|版)"
    r"|(?:上|下)一(?:篇|条)\s*[:：]?|相关(?:链接|新闻|文章|阅读|信息)|推荐阅读|热门(?:新闻|文章|推荐)|延伸阅读"
    r"|版权所有|copyright|©|ICP备|公网安备|网站标识码|技术支持\s*[:：]|主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]"
    r"|浏览(?:次数|量)|点击(?:数|率|次数|量)|阅读(?:次数|量|数)\s*[:：]|访问(?:量|次数)|无障碍|长者(?:模式|助手|版)|关怀版|适老化"
    r"|繁體|简体\s*\||设为首页|加入收藏|网站地图|友情链接|用户登录|站内搜索|请输入(?:关键|搜索)",
    re.IGNORECASE,
)
_INFO_TEXT = re.compile(
    r"(?:(?:发布|发表|更新|发稿|成文|录入|生成|公开|上传)(?:时间|日期)|(?<![一-龥])(?:时间|日期))\s*[:：]\s*\d{4}|^(?:信息|新闻|文章|稿件|内容)?来源\s*[:：]|^(?:责任)?编辑\s*[:：]"
    r"|^(?:作者|审核|审核人|发布人|发布者|供稿|编审|初审|终审|撰稿|校对)\s*[:：]",
)
_RECORD_TEXT = re.compile(
    r"索引号|信息索引|文件名称|信息名称|发布机构|公开机构|成文日期|生成日期|公开方式|公开形式|公开范围|公开时限|主题分类|文\s*号|发文字号|有效性|信息分类|发布日期"
)
_STAMP = re.compile(r"^\W*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\W*$")
_SIGNED = re.compile(
    r"^(?:[^。]{2,40}\s+)?[一二三四五六七八九〇○零\d]{4}年[一二三四五六七八九十\d]{1,3}月[一二三四五六七八九十\d]{1,3}日$"
)
_GENRE = re.compile(r"通报|报告|方案|意见|公示|公告|台账|清单|情况|反馈|通知")


class Content:
    """The outcome: which elements are left out, and what the page is called."""

    def __init__(self, body: Element, title: str) -> None:
        """Weigh the page below *body*, whose declared title is *title*."""
        self.title = title
        self.dropped: set[int] = set()
        """``id`` of every element that is chrome, with all below it."""
        self.chrome: list[Element] = []
        """Those elements, in order."""
        self._body = body
        self._total = body.prose
        self._walk()
        if self._kept_prose() < min(40.0, 0.5 * self._total):
            self.dropped.clear()
            self.chrome.clear()
            self._prune_inside(body)
        self.chrome.sort(key=lambda element: element.order)

    def _kept_prose(self) -> float:
        return self._total - sum(element.prose for element in self.chrome)

    def _drop(self, element: Element) -> None:
        self.dropped.add(id(element))
        self.chrome.append(element)

    def _walk(self) -> None:
        node = self._body
        while True:
            kids = list(node.elements())
            if not kids:
                return
            best = max(kids, key=lambda kid: kid.prose)
            gathered = best.prose >= 0.5 * node.prose and best.prose > 0
            direct = sum(len(child.strip()) for child in node.children if isinstance(child, str))
            ends = best.tag in _STOPPERS or (best.tag == "table" and is_data_table(best))
            if not gathered or ends or direct > 40 or _is_content_box(node, self._total):
                self._prune_inside(node)
                return
            for kid in kids:
                if kid is not best and kid.letters and not self._belongs(kid, best):
                    self._drop_but_title(kid, kid.order < best.order)
            node = best

    def _drop_but_title(self, kid: Element, before: bool) -> None:
        """Drop *kid*, except for the title of the page where it stands inside."""
        searched = before and 10 <= kid.letters <= 3000 and len(set(_RECORD_TEXT.findall(kid.text(400)))) < 2
        title = self._title_within(kid) if searched else None
        if title is None:
            self._drop(kid)
            return
        step = title
        while step is not kid and step.parent is not None:
            for other in step.parent.elements():
                if other is not step and other.letters:
                    self._drop(other)
            step = step.parent

    def _title_within(self, kid: Element) -> Element | None:
        stack = [kid]
        while stack:
            element = stack.pop()
            if element is not kid and self._is_title(element, element.text(200)):
                return element
            stack.extend(reversed([inner for inner in element.elements() if inner.letters >= 5]))
        return None

    def _belongs(self, kid: Element, best: Element) -> bool:
        """Tell whether *kid*, which stands beside the main path, is content all the same."""
        text = kid.text(600)
        before = kid.order < best.order
        if before and self._is_title(kid, text):
            return True
        if kid.tag in _SEMANTIC or kid.attrs.get("role", "").lower() in _ROLES:
            return False
        if _hints(kid) < 0 or kid.link_letters > 0.4 * kid.letters:
            return False
        if len(text) < 200 and (_CHROME_TEXT.search(text) or _INFO_TEXT.search(text)):
            return False
        if len(text) >= 200 and _link_lists(kid):
            return False
        if not before and _SIGNED.match(text):
            return True
        if before and _STAMP.match(text):
            return False
        alike = kid.tag == best.tag and kid.attrs.get("class") == best.attrs.get("class") and kid.tag != "td"
        reads = kid.stops >= 2 and kid.letters >= 20
        return reads or (alike and kid.letters >= 4) or kid.tag in ("p", "h1", "h2", "h3", "h4")

    def _is_title(self, kid: Element, text: str) -> bool:
        if not 5 <= len(text) <= 120 or kid.link_letters > 0.5 * kid.letters:
            return False
        if _CHROME_TEXT.search(text) and not _GENRE.search(text):
            return False
        if self.title and SequenceMatcher(None, text, self.title, autojunk=False).ratio() > 0.6:
            return True
        if self.title and len(text) >= 8 and text in self.title:
            return True
        has_heading = kid.tag in ("h1", "h2", "h3") or any(inner.tag in ("h1", "h2") for inner in kid.elements())
        named = bool(_TITLE_TOKENS & _tokens(kid))
        return (has_heading or named) and bool(_GENRE.search(text)) and _hints(kid) >= 0

    def _prune_inside(self, root: Element) -> None:
        """Drop what is plainly chrome below *root*, keeping everything in doubt."""
        stack = [root]
        most = 0.25 * root.prose
        while stack:
            element = stack.pop()
            for kid in element.elements():
                if not kid.letters:
                    continue
                # what holds the same words as its parent was judged with it
                if kid.letters < element.letters and self._is_plain_chrome(kid, most):
                    self._drop(kid)
                elif kid.letters > 4 and not (kid.tag == "table" and is_data_table(kid)):
                    stack.append(kid)  # the cells of a ledger are content whatever they say

    def _is_plain_chrome(self, kid: Element, most: float) -> bool:
        if kid.prose > most and kid.prose > 60:
            return False
        if kid.tag in ("nav", "footer", "menu", "dialog") or kid.attrs.get("role", "").lower() in _ROLES:
            return True
        if kid.tag not in _CONTAINERS:
            return False
        if kid.letters > 400 and not kid.links and _hints(kid) >= 0:
            return False
        text = kid.text(400)
        if len(set(_RECORD_TEXT.findall(text))) >= 3 and kid.letters < 400:
            return True
        short = len(text) < 160
        if short and _CHROME_TEXT.search(text) and not _GENRE_SENTENCE.search(text):
            return bool(kid.links) or not (_NUMBERED.match(text) or ("。" in text and len(text) >= 16))
        if short and _INFO_TEXT.search(text) and kid.stops < 6 and "。" not in text:
            return True
        if _hints(kid) < 0 and (kid.link_letters > 0.3 * kid.letters or kid.letters < 40 or kid.tag == "aside"):
            return kid.stops < 3 or kid.link_letters > 0.3 * kid.letters
        crowded = kid.links >= 3 and kid.link_letters > 0.7 * kid.letters
        return crowded and "附件" not in text


_CONTAINERS = frozenset((
    "div", "p", "table", "tbody", "tr", "td", "ul", "ol", "li", "dl", "section", "article", "header", "aside", "form",
    "center", "span", "font", "h1", "h2", "h3", "h4", "h5", "h6",
))  # fmt: skip
_NUMBERED = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,3}[.．、]|[①-⑳])"
)
"""How items of a list begin: 无障碍改造 or 扫码 in a sentence of the paper is no control of the page."""
_GENRE_SENTENCE = re.compile(r"整改|巡[察视]|问题|通报|审计|督察")


def _tokens(element: Element) -> frozenset[str]:
    words = f"{element.attrs.get('class', '')} {element.attrs.get('id', '')}"
    if words == " ":
        return frozenset()
    whole = re.split(r"[\s_-]+", words.lower())
    return frozenset(whole) | {piece.lower() for piece in _TOKEN.findall(words)}


def _hints(element: Element) -> int:
    """Return -1 when names speak against the element, 1 when they speak for it, else 0."""
    tokens = _tokens(element)
    if not tokens:
        return 0
    against = len(tokens & _NEGATIVE)
    in_favour = len(tokens & _POSITIVE)
    return (against < in_favour) - (against > in_favour)


def _is_content_box(node: Element, total: float) -> bool:
    """Tell whether *node* holds most of the page's text as several paragraphs side by side."""
    paragraphs = sum(1 for kid in node.elements() if kid.tag in ("p", "h2", "h3", "ol") and kid.letters >= 6)
    return paragraphs >= 3 and node.prose > 0.6 * total and node.tag != "body"


def _link_lists(kid: Element) -> bool:
    return kid.links >= 5 and kid.link_letters > 0.25 * kid.letters and kid.stops < 2 * kid.links

"""Writes docs/records.md, docs/rules.md and docs/cli.md from the program itself, so that they cannot say otherwise.

``make golden`` runs it; tests/test_docs.py fails while a page differs from what `pages` returns. What no code can
tell, when a rule fires and how to mend it, stands in `RULES` below, and a rule without its row stops the script.
"""
# ruff: noqa: INP001 - a script beside the pages it writes, not a package

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import rdflib
from click.testing import CliRunner
from rdflib.namespace import SH

import pledge_ld
from pledge_ld import query
from pledge_ld.cli import command
from pledge_ld.config import product
from pledge_ld.importers.corrections import Correction, Translation
from pledge_ld.problem import Problem
from pledge_ld.read import PARSERS
from pledge_ld.read.names import (
    BESIDE_PROGRAMMES,
    HOSTS,
    MARKS,
    MAX_CODE,
    MAX_FILE,
    MAX_ID,
    MAX_PATH,
    PAGE,
    RECORD_FOLDERS,
    ROOT,
    WINDOWS,
)
from pledge_ld.record import TABLES, Action, City, Programme, Record, Report, Score
from pledge_ld.term import SHAPES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

DOCS = Path(__file__).parent
WIDTH = 100
"""Columns of the help texts, whatever the terminal."""

MADE = (
    "<!-- Written by docs/generate.py. Change the program or that script, then run `make golden`. -->\n\n"
    "この文書はプログラムから自動で作られています。 / This page is made from the program.\n"
)

FILES: tuple[type[Record], ...] = (*TABLES, Correction, Translation)
"""Every kind of file a person edits, in the order of docs/records.md."""


class Rule(NamedTuple):
    """What the code cannot tell about a rule of ours: when it fires and how to mend it."""

    when_en: str
    mend_en: str
    when_ja: str
    mend_ja: str


READING = "reading"
IMPORTING = "importing"
PUBLISHING = "publishing"
OTHER = "other"

RULES: dict[str, dict[str, Rule]] = {
    READING: {
        "csv-columns": Rule(
            "The first line of a CSV file lacks a column, has one that we do not know, or has one twice.",
            "Write the names of the columns as in records.md; their order is yours.",
            "CSVの1行目に必要な列がない、知らない列がある、または同じ列が二つある。",
            "列の名前を records.md のとおりにする。順序は自由。",
        ),
        "csv-row": Rule(
            "A row has more or fewer cells than the first line, or a quotation mark is not closed.",
            "Put a text that holds a comma or a line break in double quotes, and count the commas of the row.",
            "行のセルの数が1行目と違う、または引用符が閉じていない。",
            "カンマや改行を含む文字列を二重引用符で囲み、その行のカンマの数を確かめる。",
        ),
        "duplicate-id": Rule(
            "Two rows of a file have the same key (records.md says which columns it is made of).",
            "Give one of them another id, or take the row out that was copied by mistake.",
            "同じファイルの二つの行のキー(records.md にある列の組)が同じ。",
            "どちらかのIDを変えるか、誤って複写した行を消す。",
        ),
        "file-empty": Rule(
            "A file has nothing in it.",
            "Write its first line and its rows, or take the file away where it may be absent.",
            "ファイルが空。",
            "見出しと行を書く。なくてもよいファイルなら消す。",
        ),
        "file-encoding": Rule(
            "A file is not UTF-8; mostly it was saved by Excel as plain CSV, which is CP932 (Shift_JIS) in Japan.",
            "Save it anew: in Excel as 'CSV UTF-8 (Comma delimited)', elsewhere as UTF-8.",
            "ファイルがUTF-8でない。多くは、Excelの「CSV」で保存してCP932(Shift_JIS)になったもの。",
            "Excelでは「CSV UTF-8(コンマ区切り)」で、ほかのソフトではUTF-8で保存し直す。",
        ),
        "extent": Rule(
            "city.toml gives bbox or centroid without extent_source, or a centroid outside bbox.",
            "Name the page that the figures come from; write longitude before latitude, west before east.",
            "city.toml の bbox・centroid に extent_source がない、または centroid が bbox の外にある。",
            "数値の根拠となるページを書く。順序は経度、緯度(bbox は西端、南端、東端、北端)。",
        ),
        "file-name": Rule(
            "A file or folder of the records has a name that some system cannot hold, or holds only one of two.",
            "Rename it; records.md says under Names what a name may be.",
            "記録のファイルやフォルダの名前が、システムによっては使えない、または別の名前と区別されない。",
            "名前を変える。使える名前は records.md の「名前」にある。",
        ),
        "file-missing": Rule(
            "A file or folder that the others need is not there.",
            "Create it, as the layout in records.md shows; the message names it.",
            "ほかの記録が必要とするファイルやフォルダがない。",
            "records.md の配置のとおりに作る。名前はメッセージにある。",
        ),
        "file-unknown": Rule(
            "A CSV or TOML file has a name or a place that nothing reads: what it holds would be lost in silence.",
            "Correct its name, or move it into source/, where anything may lie.",
            "どこからも読まれない名前や場所のCSV・TOMLファイルがある。そのままでは中身が黙って失われる。",
            "名前を直すか、何を置いてもよい source/ に移す。",
        ),
        "store-gone": Rule(
            "A build without --store takes the place of one that had a store on the disk (a warning). The site before, "
            "its store with it, is kept until the next build.",
            "Build again with --dumps-only --store if queries are to reach the disk; `pledge-ld rollback` brings the "
            "one before back.",
            "ディスク上の索引があったサイトを、--store のないビルドが置き換えた(警告)。"
            "前のサイトは索引とともに次のビルドまで残る。",
            "索引が要るなら --dumps-only --store を付けてビルドし直す。前のサイトには `pledge-ld rollback` で戻せる。",
        ),
        "worker-lost": Rule(
            "The process that made this city ended twice, the second time with nothing else under way.",
            "See whether something kills it, as a lack of memory does, or a file is far larger than the others.",
            "この市を処理するプロセスが2回とも途中で終了した。2回目は、この市だけを処理していた。",
            "メモリ不足などで強制終了されていないか、ほかの市より極端に大きなファイルがないかを確かめる。",
        ),
        "shrunk": Rule(
            "A city has fewer things of a kind than in the site published before: records may have been lost.",
            "Look for what is gone (git diff data); if it is meant, build once with --allow-shrink.",
            "前に公開したサイトより、市のある種類の項目が減っている。記録が失われたおそれがある。",
            "何が消えたかを確かめる(git diff data)。意図したものなら --allow-shrink を付けて一度ビルドする。",
        ),
        "verify": Rule(
            "build --verify found a published file that a clean build would write otherwise, or not at all.",
            "Build again without --verify: a file that somebody changed is written anew.",
            "build --verify で、作り直した内容と違う公開ファイル、またはないはずのファイルが見つかった。",
            "--verify なしでもう一度ビルドする。変更されたファイルは作り直される。",
        ),
        "folder-name": Rule(
            "A city's folder is not named country-code-name, or city.toml says another country or code.",
            "Name the folder like jp-012131-tomakomai, and write the same country and code in city.toml.",
            "市のフォルダ名が「国-コード-名前」の形でない、または city.toml の国やコードと違う。",
            "jp-012131-tomakomai のように名付け、city.toml に同じ国とコードを書く。",
        ),
        "changed-thing": Rule(
            "changes.csv names a policy, pledge or measure that its programme does not have.",
            "Write its id as in measure/1-2-1, or leave the cell empty where the change concerns the whole assessment.",
            "changes.csv にある対象が、その公約プログラムにない。",
            "measure/1-2-1 のように ID を書く。評価全体の変更なら空にする。",
        ),
        "toml": Rule(
            "A TOML file cannot be parsed; the message gives the parser's own words.",
            'Mend the line: text stands in double quotes, a date does not, a list is ["a", "b"].',
            "TOMLとして読めない。メッセージに理由がある。",
            '示された行を直す。文字列は二重引用符で囲み、日付は囲まず、一覧は ["a", "b"] と書く。',
        ),
        "toml-keys": Rule(
            "A TOML file lacks a key that it must have, or has one that we do not know.",
            "Write the keys as in records.md.",
            "TOMLファイルに必要な項目がない、または知らない項目がある。",
            "項目名を records.md のとおりにする。",
        ),
    },
    IMPORTING: {
        "correction": Rule(
            "A row of corrections.csv cannot be applied: its text does not stand exactly once on that line, the line "
            "or the thing does not exist, it lands in no title or action, or the figure cannot be read.",
            "Make `printed` longer until it is unique on the line, or correct `source_line`, `targets` or `adopted`.",
            "corrections.csv の行を当てはめられない。その文字列が示された行にちょうど一度だけ現れない、行や対象がない、"
            "名称や取組の文字ではない、または採用する値が読めない。",
            "`printed` を行の中で一つに決まるまで長くするか、`source_line`・`targets`・`adopted` を直す。",
        ),
        "import-edited": Rule(
            "A file that an import wrote was edited since, and the import would overwrite it.",
            "Move the edit to corrections.csv or translations.csv, or give up the edit with --force.",
            "取り込みが書いたファイルが、その後に編集されている。取り込むと編集が失われる。",
            "編集を corrections.csv または translations.csv に移す。捨ててよければ --force を付ける。",
        ),
        "import-programme": Rule(
            "The city's folder has no programme.toml, or several, so that it is not clear where to write.",
            "Have exactly one folder with a programme.toml before you import.",
            "市のフォルダに programme.toml がない、または複数あり、書き込む先が決まらない。",
            "取り込む前に、programme.toml のあるフォルダを一つだけにする。",
        ),
        "report-damage": Rule(
            "The report is damaged here (an unreadable star string, one list for several measures, no action) and no "
            "row of corrections.csv says so.",
            "Add a row to corrections.csv about the thing and property that the message names.",
            "報告書のこの箇所が損なわれている(読めない星の表記、複数の施策に一つの一覧、取組がない)のに、"
            "corrections.csv に記載がない。",
            "メッセージにある対象と性質について、corrections.csv に行を加える。",
        ),
        "report-department": Rule(
            "The report prints a department that departments.csv does not have.",
            "Add the department, or a correction where its name is misprinted.",
            "報告書の部署名が departments.csv にない。",
            "部署を加える。誤植なら corrections.csv に修正を書く。",
        ),
        "report-figure": Rule(
            "A percent or a star string is missing, is in the wrong place, or differs from another printing of it.",
            "Compare the line with the report itself, and state what is right in corrections.csv.",
            "%や星の表記がない、場所が違う、または別の箇所の印刷と食い違う。",
            "その行を報告書と見比べ、正しい値を corrections.csv に書く。",
        ),
        "report-layout": Rule(
            "A line has a page layout, a number of cells or a content that this import does not know.",
            "See whether the text was converted as before; a new layout of the city needs a change of the importer.",
            "この取り込みが知らないページの体裁、セルの数、または内容の行がある。",
            "これまでと同じ方法で文字にしたか確かめる。市が体裁を変えたのなら、取り込みのプログラムを直す。",
        ),
        "report-missing": Rule(
            "The report does not say something that every report says: its title, date, period or overall percent.",
            "See whether the text is whole and is the report it should be.",
            "どの報告書にもあるはずの記載(名称、時点、期間、全体の%)がない。",
            "テキストが全部そろっているか、目的の報告書かを確かめる。",
        ),
        "report-order": Rule(
            "A policy, pledge or measure does not follow the one before it, so a row is lost or out of place.",
            "Look at the lines before it in the report's text.",
            "基本政策・公約・施策の番号が続いていない。行が失われたか、順序が違う。",
            "報告書のテキストの、その前の行を確かめる。",
        ),
        "report-title": Rule(
            "Two places of the report print a title differently.",
            "State in corrections.csv which of them is adopted, and why.",
            "報告書の二つの箇所で名称の表記が違う。",
            "どちらを採用するかと、その理由を corrections.csv に書く。",
        ),
    },
    PUBLISHING: {
        "dead-fragment": Rule(
            "A page links to a place (#...) that the page it leads to does not have.",
            "Link to an id that the page has: mend the link in site/templates, or the id of what it should lead to.",
            "ページのリンクが、リンク先のページにない場所(#…)を指している。",
            "リンク先のページにあるidにする。site/templates のリンクか、指される側のidを直す。",
        ),
        "dead-iri": Rule(
            "An IRI of ours in the published data leads to no file of the site, its document does not describe it, the "
            "page has no place for it, or it is a pledge: term of the catalogue that the ontology lacks. The message "
            "names the part of the site that uses it.",
            "Mostly a record names something that is not there: search the data for the last part of the IRI and "
            "correct or add the row. If the row is there, a page or document lacks it: report it as a fault of the "
            "program.",
            "公開するデータのIRIについて、サイトにファイルがない、文書に記述がない、ページに場所がない、またはカタログが"
            "語彙にない pledge: の用語を使っている。メッセージは、それを使っているサイトの部分を示す。",
            "多くは、記録がないものを指している。IRIの末尾の部分を data/ で探し、行を直すか加える。"
            "行があるのに知らされるなら、ページや文書に漏れがある。プログラムの不具合として報告する。",
        ),
        "dead-link": Rule(
            "A page links to, or loads, a file that the site does not have.",
            "Mend the address in site/templates or in the text; a file that the site offers goes into site/static.",
            "ページのリンク先、または読み込むファイルが、サイトにない。",
            "site/templates や文中のアドレスを直す。サイトで配るファイルなら site/static に置く。",
        ),
        "site-url": Rule(
            "Nobody said where the files will lie, so the catalogue gives addresses under the base IRI (a warning).",
            "Set `site_url` in pledge_ld.toml, or build with --site-url, once the address is known.",
            "ファイルを置くアドレスが分からず、カタログが base_iri の下のアドレスを示している(警告)。",
            "決まったら、pledge_ld.toml の `site_url` に書くか、--site-url を付けてビルドする。",
        ),
        "front": Rule(
            "The scripts of site/front/ are not bundled, so search, filters and queries in the browser are missing; "
            "all else is as where JavaScript is off (a warning).",
            "Run `make site` where there is Node, or a network from which to have it.",
            "site/front/ の部品が作られておらず、検索・絞り込み・ブラウザー内の問い合わせがない。"
            "ほかは JavaScript を使わないときと同じ(警告)。",
            "Node があるか、それを取り寄せられるネットワークのある所で `make site` を実行する。",
        ),
        "untranslated": Rule(
            "An English page shows a text that is mostly Japanese and is not marked as Japanese.",
            "Write the English: in site/locales/en.toml for words of the pages, in the column that ends in _en for "
            'records. Where only Japanese exists, the template marks it with lang="ja".',
            "英語のページに、日本語と示されていない、ほとんど日本語の文がある。",
            "英語を書く。ページの文言は site/locales/en.toml、記録は _en で終わる列。"
            '日本語しかない場合は、テンプレートで lang="ja" を付ける。',
        ),
    },
    OTHER: {
        "endpoint": Rule(
            "A SPARQL endpoint did not answer in time, or answered with something else, or a store did not take a "
            "graph (exit code 3). As a warning: two endpoints say different things of the same thing.",
            "Check its address, whether it is up, and the credentials; then try again. Where two differ, ask the "
            "one that owns the data.",
            "SPARQLエンドポイントが時間内に答えない、別のものを返した、またはストアがグラフを受け付けない(終了コード3)。"
            "警告の場合は、同じものについて二つのエンドポイントの内容が食い違う。",
            "アドレス、稼働状況、認証情報を確かめ、もう一度試す。食い違う場合は、データの持ち主に問い合わせる。",
        ),
        "harvest": Rule(
            "A source of `pledge-ld harvest` could not be had, or not be read; the line says why (exit code 3).",
            "Do what the line says. Until then its last good copy stays, marked old; harvesting.md has more.",
            "`pledge-ld harvest` の相手から取得できない、または読み取れない。理由は行にある(終了コード3)。",
            "行にある指示に従う。それまでは最後の写しが、古いと印を付けて残る。詳しくは harvesting.md。",
        ),
        "harvest-copy": Rule(
            "A file in the folder of harvested sources is no whole copy: it was cut, or something else lies there.",
            "Harvest its source again, which writes the file anew, or remove it. Nothing of it is served or queried.",
            "収集したデータのフォルダに、写し全体ではないファイルがある。途中で切れたか、別のものが置かれている。",
            "その相手をもう一度 harvest する(ファイルは書き直される)か、ファイルを消す。それまで中身は使われない。",
        ),
        "harvest-own-iri": Rule(
            "A harvested source says something about our own city or vocabulary (a warning). It stays in its graph.",
            "Nothing has to be done. Ask its publisher if it surprises you.",
            "収集した相手のデータに、こちらの市や語彙についての記述がある(警告)。相手のグラフに留まる。",
            "何もしなくてよい。心当たりがなければ、公開者に尋ねる。",
        ),
        "ontology-term": Rule(
            "The data use a pledge: term that the ontology does not have; mostly it is misspelt.",
            "Correct the spelling, in a notes file the column `property`; a new term goes into ontology/ first.",
            "語彙にない pledge: の用語を使っている。多くは綴りの誤り。",
            "綴りを直す(ノートでは `property` の列)。新しい用語は、先に ontology/ に加える。",
        ),
        "query-header": Rule(
            "The header of a saved query lacks a field, or a field is written in another way (exit code 2).",
            "Write the header as the other files in queries/ do: title, question, returns, scope.",
            "保存された問い合わせの見出しに項目がない、または書き方が違う(終了コード2)。",
            "queries/ のほかのファイルと同じ見出し(title、question、returns、scope)を書く。",
        ),
        "query-name": Rule(
            "The file of a saved query has a name that cannot be an address, or that is kept (exit code 2).",
            "Rename it with a-z, 0-9 and _, like mean_of_pledges.rq.",
            "保存された問い合わせのファイル名がアドレスにできない、または予約されている(終了コード2)。",
            "a-z・0-9・_ で名付け直す(例: mean_of_pledges.rq)。",
        ),
        "rdf-syntax": Rule(
            "An RDF file given to `pledge-ld validate` cannot be parsed.",
            "Mend the line that the message names; its ending must fit its format.",
            "`pledge-ld validate` に渡したRDFファイルを読めない。",
            "示された行を直す。拡張子は形式に合わせる。",
        ),
    },
}
"""Our own rules, by where they fire. The shapes explain themselves; the kinds of cell are in `PARSERS`."""

GROUPS = {
    READING: "Reading the files / ファイルを読むとき",
    IMPORTING: "Importing a report / 報告書を取り込むとき",
    PUBLISHING: "Before publishing / 公開の直前",
    OTHER: "Elsewhere / そのほか",
}
CHOICES = {
    "choice": ("one of the words that the column allows", "その列で使える語のどれか一つ"),
    "choices": (
        "words that the column allows, parted by ; with none twice",
        "その列で使える語を「;」で区切ったもの(重複なし)",
    ),
}
"""What the two kinds expect that take their words from the column."""

LAYOUT = """\
```text
data/
  jp-012131-tomakomai/       国-コード-名前 / country-code-name
    city.toml                市 / the municipality
    departments.csv          担当部署 / departments
    people.csv               市長 / mayors
    documents.csv            根拠資料 / documents that grades are said to stand on
    changes.csv              公表の記録 / one row a published change
    scales/
      ten-step.toml          評価の尺度 / a way of grading
      ten-step.csv           その段階 / its levels
    mappings/
      ten-step.toml          共通の区分への対応表 / whose judgement it is how levels fit the common bands
      ten-step.csv           その一つずつ / level by level
    2022/                    公約プログラム(ID) / a programme; the folder's name is its id
      programme.toml         任期と計算の方法 / the term, and how the city calculates
      policies.csv           基本政策 / policies
      pledges.csv            公約 / pledges
      measures.csv           施策 / measures
      reports/2024-03-31.toml   取組状況の報告 / one round of grading; the name is its as-of date
      actions/2024-03-31.csv    取組事業内容 / actions
      scores/2024-03-31.csv     進捗状況 / figures
      counts/2024-03-31.csv     印刷された段階ごとの件数 / printed counts of items at each level
      evidence/2024-03-31.csv   評価の根拠 / the documents behind scores
      notes/2024-03-31.csv      注記 / what is printed, what we adopted, why
    corrections.csv          取り込みが読む / read by an import: repairs of the report's text
    translations.csv         取り込みが読む / read by an import: our English of titles
    imported.csv             取り込みが書く / written by an import: what it wrote, by SHA-256
    source/                  報告書のテキストなど / the report's text, and anything else
```
"""

CONVENTIONS = """\
- **文字コード**: UTF-8。BOM(Excelの「CSV UTF-8」)と改行 CRLF はそのまま読める。CP932(Shift_JIS)は読まず、そう知らせる。
- **CSV**: RFC 4180。1行目は列の名前で、順序は自由、すべての列が必要(「後から加わった列」だけは無くてもよい)。
  空の行は読み飛ばす。
- **空欄**: 必須でない列は空にする。「-」や「なし」とは書かない。
- **一覧**: 一つのセルに複数の値を「;」で区切って書く。空白は入れない。
- **数と日付**: 半角。日付は 2024-03-31、真偽は true か false。
- **文字列**: タグ(`<b>` など)、`javascript:`、制御文字、文字の向きを変える記号は受け付けない。前後に空白を置かない。
- **TOML**: 項目は同じ種類に従う。一覧は `["a", "b"]`、または「;」で区切った一つの文字列で書く。

- **Encoding**: UTF-8. A byte-order mark (Excel's 'CSV UTF-8') and CRLF line ends are read as they are. CP932
  (Shift_JIS) is refused, and the message says so.
- **CSV**: RFC 4180. The first line names the columns: in any order, but all of them, except those that were added later
  (the tables below mark them "later"). Blank lines are skipped.
- **Empty cells**: leave a column empty where it is not required and there is nothing to say; write no dash.
- **Lists**: several values in one cell, parted by `;`, without spaces. An address with a `;` cannot stand in a list.
- **Numbers and dates**: ASCII digits; dates like 2024-03-31; true or false.
- **Texts** refuse markup (`<b>`), script addresses (`javascript:`), control characters and characters that turn the
  direction of writing. A `text` has no space at either end; a `verbatim` may.
- **TOML**: keys are held to the same kinds; a list is `["a", "b"]`, or one text parted by `;`.
- A CSV or TOML file that this page does not name, outside source/, is a problem: most likely its name is misspelt.
"""

NAMES = """\
記録の名前は、そのままアドレス(IRI)とファイルの道筋になる。書き換え(符号化)はせず、どこかのファイルシステム、URL、または
このサイト自身の名前とぶつかりうる名前は、読むときに断る。違いが大文字・小文字や文字の合成(NFC・NFD)だけの名前は、IDでは
ありえない。

Names in records become addresses (IRIs) and paths as they are. Nothing is encoded: a name that could meet another on
some file system, in a URL, or with a name of the site itself is refused when it is read. No two ids can differ by case
or by Unicode normalisation (NFC, NFD) alone.

TABLE

道筋は、英語版の `en/` と拡張子を含めて必ず PATH 字以内、その一つ一つの名前は255バイト以内。対象の中でだけ意味をもつ
もの(評価、取組、注記、行、件数)はその文書の中のアンカーになり、`score-`、`action-`、`note-`、`count-`、`L` などで
始まるので、互いにぶつからない。一度公表したIDの意味は変えない: 部署の再編や施策の分割では、新しい行を作る。

A path below the site has at most PATH characters, `en/` and the ending counted in, and each name in it fewer than 255
bytes. What makes sense only inside another thing (scores, actions, notes, lines, counts) is an anchor of that thing's
document and begins with `score-`, `action-`, `note-`, `count-`, `L` and the like, so that none can meet another. An id
keeps its meaning once it is published: a department that is reorganised, a measure that is split, is a new row.
"""

RECORDS = """\
市ごとに一つのフォルダ、その中に公約プログラム(一人の市長の一期)ごとのフォルダを置く。表はCSV、設定はTOMLで、人が編集する。
間違いは、ファイル・行・列とともに知らされる([規則](rules.md))。

A folder a city, and in it a folder a programme (one mayor's pledges for one term). Tables are CSV, single records TOML,
and people edit them. What is wrong is said with its file, line and column ([rules](rules.md)).
"""

NEEDED = """\
必ず要るのは city.toml、公約プログラムごとの programme.toml、評価ごとの reports/ と、scores/ か counts/ の少なくとも
一方、尺度と対応表ごとの2つのファイル。ほかは、市にないものなら無くてよい。`import` を使う市には corrections.csv と
translations.csv も要る。

Always needed are city.toml, a programme's programme.toml, an assessment's reports/ and one at least of scores/ and
counts/, and the two files of a scale or a mapping set. Any other may be absent where a city has nothing to put in it.
`pledge-ld import` also needs departments.csv, corrections.csv and translations.csv.
"""

RULES_INTRO = """\
問題は一つずつ、ファイル・行・列・必要なもの・書かれているもの・規則の名前で知らされる。ここには規則ごとに、いつ知らされ、
どう直すかを書く。

Every problem is said with its file, line, column, what was expected, what is there, and the rule's name. Here is each
rule: when it fires, and how to mend it.

```text
EXAMPLE
```

「違反」(ビルドを止めるもの)があれば何も公開されず、前のサイトがそのまま残る。「警告」は止めずに、注記として公開する。
`tests/examples/invalid/規則名.*.ttl` は、その規則だけに反する例。

A violation stops the build and leaves the old site as it was; a warning is published as a note. Each shape has an
example that breaks it and no other: `tests/examples/invalid/NAME.*.ttl`. The shapes themselves are in `shapes/`, and
published with every site as shapes.html.
"""

CLI_INTRO = """\
終了コード: 0 正常、1 データの問題、2 使い方や設定の誤り、3 エンドポイントなど相手側の失敗。
結果は標準出力に、経過とメッセージは標準エラー出力に出る。

Exit codes: 0 fine, 1 problems in the data, 2 wrong use or configuration, 3 an endpoint failed. Results go to standard
output, progress and messages to standard error.
"""

QUERIES = """\
`pledge-ld query NAME` で実行する。公開したサイトの queries/ にも、答えとともに載る。「computes」のあるものは、答えの
一行が一つの値として、その問い合わせの名前とともにデータになる。

Run one with `pledge-ld query NAME`; a built site shows each with its answer under queries/. Where a query computes,
each row of its answer becomes a score or a count of the data, which names the query.
"""


def pages() -> dict[Path, str]:
    """Every generated page, as its path and text.

    :raises ValueError: when the code has a rule that `RULES` does not explain, or the other way round
    """
    return {
        DOCS / "records.md": records_page(),
        DOCS / "rules.md": rules_page(),
        DOCS / "cli.md": cli_page(),
    }


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = [one.replace("|", r"\|") for one in row]
        yield f"| {' | '.join(cells)} |"


def page(parts: Iterable[str]) -> str:
    """The paragraphs with an empty line between them."""
    return "\n\n".join(one.strip("\n") for one in parts) + "\n"


# --- records.md


def records_page() -> str:
    """The files of a city's folder, column by column."""
    kinds = table(("kind", "expects", "書くもの"), _kinds())
    parts = [
        "# 記録 / Records",
        MADE,
        RECORDS,
        "## 配置 / Layout",
        LAYOUT,
        NEEDED,
        "## 書き方 / Conventions",
        CONVENTIONS,
    ]
    names = "\n".join(table(("name / 名前", "may be", "書けるもの"), _names()))
    text = NAMES.replace("TABLE", names).replace("PATH", str(MAX_PATH))
    parts += ["## 名前 / Names", text, "## セルの種類 / Kinds of cell", "\n".join(kinds)]
    for cls in FILES:
        columns = table(("column", "kind", "required", "meaning", "意味", "property"), _rows(cls))
        parts += [f"## {place(cls)}", _said(cls), "\n".join(columns)]
    return page(parts)


def _names() -> Iterator[tuple[str, str, str]]:
    """Every name that becomes part of an address or a path: what it may be."""

    def kept(names: Iterable[str]) -> str:
        return ", ".join(f"`{one}`" for one in sorted(names))

    devices = kept(WINDOWS - {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})
    windows = f"{devices}, `com0`–`com9`, `lpt0`–`lpt9`"
    programme, root, hosts, page = kept(BESIDE_PROGRAMMES | RECORD_FOLDERS), kept(ROOT), kept(HOSTS), kept(PAGE)
    id_en = f"`a-z`, `0-9` and single hyphens between them, 1 to {MAX_ID} characters"
    id_ja = f"`a-z`・`0-9` と、その間の単独のハイフン、1〜{MAX_ID}字"
    reserved_en = f"{id_en}; not {windows} (Windows keeps them), {hosts} (web servers do)"
    reserved_ja = f"{id_ja}。{windows}(Windowsの予約名)、{hosts}(サーバーの予約名)は不可"
    marks = f"`{MARKS}`"
    any_en = (
        f"no name of Windows, none of {marks}, no dot or space at the end; no two that differ by case or form alone"
    )
    any_ja = f"Windowsの予約名、{marks}、末尾の点や空白は不可。大文字・小文字や文字の合成だけが違う二つも不可"
    query_en = f"`a-z`, `0-9` and single `_`, at most {MAX_ID} characters, not `inferred` or a reserved name"
    query_ja = f"`a-z`・`0-9`・単独の `_`、{MAX_ID}字以内。`inferred` と予約名は不可"
    code_en = f"`a-z` and `0-9`, 1 to {MAX_CODE} characters, not a reserved name"
    source_en = f"ASCII letters, digits, `.`, `_`, `-`, at most {MAX_FILE} characters, not a name of Windows"
    source_ja = f"半角英数字と `.`・`_`・`-`、{MAX_FILE}字以内、Windowsの予約名は不可"
    folder_en = f"country-code-name, at most {MAX_ID} characters; one folder a municipality"
    yield "id", reserved_en, reserved_ja
    yield "programme / 公約プログラム", f"an id, not {programme}", f"ID。{programme} は不可"
    yield "level / 段階", f"an id, not {page} (an anchor of every page)", f"ID。{page} は不可(どのページにもある)"
    yield "country / 国", f"two letters `a-z`, not {root} (they stand beside)", f"`a-z` の2文字。{root} は不可"
    yield "code / 団体コード", code_en, f"`a-z`・`0-9`、1〜{MAX_CODE}字、予約名は不可"
    yield "city's folder / 市のフォルダ", folder_en, f"国-コード-名前、{MAX_ID}字以内。一つの自治体に一つ"
    yield "as-of date / 評価時点", "a day like 2024-03-31, in ASCII digits", "2024-03-31 のような日付(半角)"
    yield "`source` of a report / 報告書の `source`", source_en, source_ja
    yield "any file or folder / すべてのファイル", any_en, any_ja
    yield "query (.rq) / 問い合わせ", query_en, query_ja


def _kinds() -> Iterator[tuple[str, str, str]]:
    for name, kind in PARSERS.items():
        yield f"`{name}`", kind.en, kind.ja
    for name, (en, ja) in CHOICES.items():
        yield f"`{name}`", en, ja


def _said(cls: type[Record]) -> str:
    text = (cls.__doc__ or "").splitlines()[0].partition(": ")[2]
    key = ", ".join(f"`{one}`" for one in cls.key)
    unique = f" No two rows have the same {key}." if key else ""
    return f"{text[:1].upper()}{text[1:]}{unique}"


def place(cls: type[Record]) -> str:
    """The file as a person names it.

    >>> from pledge_ld.record import Scale, Score
    >>> place(Scale), place(Score)
    ('scales/NAME.toml', 'PROGRAMME/scores/AS-OF.csv')
    """
    folder, _, name = cls.file.rpartition("/")
    folder = re.sub(r"^\*", "PROGRAMME", folder)
    name = name.replace("*", "NAME" if folder == "scales" else "AS-OF")
    return f"{folder}/{name}" if folder else name


def _rows(cls: type[Record]) -> Iterator[tuple[str, ...]]:
    for one in cls.columns():
        words = f": {', '.join(f'`{choice}`' for choice in one.choices)}" if one.choices else ""
        required = "yes" if one.required else "later" if one.later else ""
        property_ = f"`{one.property}`" if one.property else ""
        yield f"`{one.name}`", f"`{one.kind}`{words}", required, one.en, one.ja, property_


# --- rules.md


class Shape(NamedTuple):
    """What rules.md says of one shape."""

    name: str
    file: str
    severity: str
    path: str
    classes: tuple[str, ...]
    en: str
    ja: str


SHAPE_FILES = {
    "action": "Actions / 取組事業内容",
    "assessment": "Assessments / 取組状況の報告",
    "catalog": "The catalogue / カタログ",
    "comparison": "Comparisons / 比較の可否",
    "consistency": "The city's own arithmetic / 市の計算",
    "count": "Level counts / 段階ごとの件数",
    "department": "Departments / 担当部署",
    "evidence": "Evidence / 根拠資料",
    "mapping": "Band mappings / 区分への対応",
    "measure": "Measures / 施策",
    "municipality": "Municipalities / 自治体",
    "note": "Data notes / 注記",
    "person": "Mayors / 市長",
    "place": "Places / 場所",
    "pledge": "Pledges / 公約",
    "policy": "Policies / 基本政策",
    "programme": "Programmes / 公約プログラム",
    "scale": "Scales and levels / 尺度と段階",
    "score": "Scores / 進捗状況",
    "source-line": "Lines of a report / 報告書の行",
}
ARITHMETIC = "consistency"
"""The shapes file that holds the city's own arithmetic."""
CATALOG = "catalog"
"""The shapes file about the catalogue, which the program writes: no row says any of it word for word."""


class Mended(NamedTuple):
    """What mends shapes of the catalogue, by their names."""

    shapes: tuple[str, ...]
    en: str
    ja: str


CATALOG_MENDED = (
    Mended(
        ("Dataset-issued", "Dataset-modified", "Dataset-version", "Catalog-issued", "Catalog-modified"),
        "Add a row for the assessment to changes.csv (`date`, `programme`, `as_of`): every published date comes from "
        "there, none from a clock.",
        "changes.csv に、その評価の行(`date`・`programme`・`as_of`)を加える。"
        "公表する日付はすべてここから採り、時計からは採らない。",
    ),
    Mended(
        ("Location-bbox", "Location-centroid"),
        "Fill in `bbox` and `centroid` in city.toml, with `extent_source`, if they can be known.",
        "分かるなら、city.toml の `bbox`・`centroid` を、根拠の `extent_source` とともに書く。",
    ),
    Mended(
        ("Dataset-temporal", "Period-startDate", "Period-endDate"),
        "Fill in `period_start` and `period_end` in PROGRAMME/reports/AS-OF.toml, if the report says them.",
        "報告書に記載があれば、PROGRAMME/reports/AS-OF.toml の `period_start`・`period_end` を書く。",
    ),
    Mended(
        ("Dataset-title", "Dataset-slug", "Series-title"),
        "CKAN makes a dataset's address from the Latin letters and digits of its title. The title is made of "
        "`name_ja`, `name_en` and `code` in city.toml, the programme's folder and the report's day: give the city its "
        "name in Latin letters in `name_en`.",
        "CKANは、名称の英数字からデータセットのアドレスを作る。名称は city.toml の `name_ja`・`name_en`・`code`、"
        "公約プログラムのフォルダ名、評価時点から作られる。`name_en` に市の名前をローマ字で書く。",
    ),
    Mended(
        ("Dataset-keyword", "Dataset-keyword-ja", "Dataset-keyword-en"),
        "CKAN refuses the whole dataset for one tag of one letter, or with another character. Beside fixed words the "
        "tags are the names and regions in city.toml: correct `name_ja`, `name_en`, `region_ja` or `region_en`.",
        "使えない文字を含むタグや1字のタグが一つでもあると、CKANはデータセット全体を受け付けない。決まった語のほかは "
        "city.toml の市名と都道府県名がタグになる。`name_ja`・`name_en`・`region_ja`・`region_en` を直す。",
    ),
    Mended(
        ("Dataset-description", "Series-description", "Dataset-provenance", "Provenance-label"),
        "It is made of the names in city.toml and of `title_ja`, `title_en` and `published` in "
        "PROGRAMME/reports/AS-OF.toml: correct those.",
        "city.toml の市名と、PROGRAMME/reports/AS-OF.toml の `title_ja`・`title_en`・`published` から作られる。"
        "それらを直す。",
    ),
    Mended(
        ("Agent-name", "Contact-name", "Contact-address"),
        "Correct `name_ja`, `name_en` or `contact` under [publisher] in pledge_ld.toml.",
        "pledge_ld.toml の [publisher] の `name_ja`・`name_en`・`contact` を直す。",
    ),
    Mended(
        ("Catalog-homepage",),
        "Correct the site's address (--site-url, or `site_url` in pledge_ld.toml).",
        "サイトのアドレス(--site-url、または pledge_ld.toml の `site_url`)を直す。",
    ),
    Mended(
        ("Dataset-frequency",),
        "Write how often the report comes as `frequency` in programme.toml, or leave it out.",
        "報告が公表される頻度を programme.toml の `frequency` に書く。分からなければ書かない。",
    ),
    Mended(
        ("Distribution-availability",),
        "Write `availability` in pledge_ld.toml with one of its words, or leave it out.",
        "pledge_ld.toml の `availability` に決められた語を書く。約束しないなら書かない。",
    ),
    Mended(
        ("Service-endpointURL", "Service-endpointDescription"),
        "Correct `endpoint` in pledge_ld.toml.",
        "pledge_ld.toml の `endpoint` を直す。",
    ),
)
"""What the operator or the editor can mend."""
IN_THE_CATALOG = Mended(
    (),
    "A build writes it itself, so what a build says of it is a fault of the program: report it. In an RDF file, mend "
    "the statement.",
    "ビルドが自ら書くものなので、ビルドで知らされたらプログラムの不具合として報告する。RDFファイルでは、その記述を直す。",
)

CLASSES: dict[str, str] = {
    "pledge:Municipality": "City",
    "pledge:Assessment": "Report",
    "pledge:ProgressScore": "Score",
    "pledge:DataNote": "Note",
    "pledge:LevelCount": "Count",
    "foaf:Person": "Person",
    "dcterms:Location": "City",
}
"""Class of the model → class of the records, where the two have different names."""

SEVERITY = {
    "Violation": "stops the build / ビルドを止める",
    "Warning": "a warning, published as a note / 警告。注記として公開する",
    "Info": "for information / 参考",
}
CATALOG_WARNING = "a warning of the build, or of `validate` / 警告"
"""The catalogue is written after the notes."""


def shapes() -> list[Shape]:
    """Every named shape, by file; in a file the node shape first, then by name."""
    graphs = {path.stem: rdflib.Graph().parse(path) for path in sorted(product("shapes").glob("*.ttl"))}
    whole = rdflib.Graph()
    for graph in graphs.values():
        whole += graph
    found = [
        _shape(node, file, whole)
        for file, graph in graphs.items()
        for node in set(graph.subjects(SH.message))
        if isinstance(node, rdflib.URIRef)
    ]
    return sorted(found, key=lambda one: (one.file, one.path != "", one.name))


def _shape(node: rdflib.URIRef, file: str, graph: rdflib.Graph) -> Shape:
    messages = {one.language: str(one) for one in graph.objects(node, SH.message) if isinstance(one, rdflib.Literal)}
    path = graph.value(node, SH.path)
    owners = [*graph.subjects(SH.property, node), node]
    classes = {_compact(one) for owner in owners for one in graph.objects(owner, SH.targetClass)}
    severity = str(graph.value(node, SH.severity) or SH.Violation).rpartition("#")[2]
    name = node.removeprefix(SHAPES)
    return Shape(
        name, file, severity, _path(path, graph), tuple(sorted(classes)), messages.get("en", ""), messages.get("ja", "")
    )


def _compact(node: Node) -> str:
    return compact(f"<{node}>")


def _path(node: Node | None, graph: rdflib.Graph) -> str:
    """A property path as SPARQL writes it; "" for a node shape, which has none."""
    if node is None:
        return ""
    if isinstance(node, rdflib.URIRef):
        return _compact(node)
    inverse = graph.value(node, SH.inversePath)
    if inverse is not None:
        return f"^{_path(inverse, graph)}"
    alternatives = graph.value(node, SH.alternativePath)
    steps = graph.items(node if alternatives is None else alternatives)
    return ("/" if alternatives is None else "|").join(_path(one, graph) for one in steps)


ELSEWHERE: dict[str, tuple[type[Record], tuple[str, ...]]] = {
    "Assessment-calculation": (Programme, ("calculation",)),
    "Assessment-title": (Report, ("title_ja", "title_en")),
    "Department-source": (Score, ("departments",)),
    "Measure-action-given": (Action, ("measure",)),
    "Measure-department": (Score, ("departments",)),
    "Measure-department-given": (Score, ("departments",)),
    "Pledge-department": (Score, ("departments",)),
    "Place-source": (City, ("extent_source", "sources")),
    "Score-adopted-one": (Score, ("origin",)),
    "Score-rounding": (
        Programme,
        ("rounding_measure", "rounding_pledge", "rounding_policy", "rounding_overall"),
    ),
}
"""Shape → where records hold what it is about, when that is not a column of its own class and property."""

NO_RECORD = ("evidence", "mapping", "Plan-", "Score-evidence", "Score-explanation")
"""Files of shapes, and shapes, about things that records cannot state yet."""


def columns(shape: Shape) -> dict[str, list[str]]:
    """The columns in which what the shape is about is written, by their file."""
    found: dict[str, list[str]] = {}
    if shape.name in ELSEWHERE:
        cls, names = ELSEWHERE[shape.name]
        if unknown := set(names) - {one.name for one in cls.columns()}:
            raise ValueError(f"docs/generate.py: ELSEWHERE: {place(cls)} has no {', '.join(sorted(unknown))}")
        return {place(cls): list(names)}
    records = {CLASSES.get(one, one.partition(":")[2]) for one in shape.classes}
    properties = shape.path.split("|")
    for cls in TABLES:
        if shape.file != ARITHMETIC and cls.__name__ not in records:
            continue
        names_ = [one.name for one in cls.columns() if one.property in properties]
        english = [one for one in names_ if one.endswith("_en")] if shape.name.endswith("-en") else []
        if names_:
            found[place(cls)] = english or names_
    return found


def mend(shape: Shape) -> tuple[str, str]:
    """How to mend what breaks the shape: a sentence in English and one in Japanese."""
    if not shape.path:
        return (
            "The IRI is made from ids and from the names of files and folders: mend those, or the IRI in an RDF file.",
            "IRIはIDとファイル・フォルダの名前から作られる。それらを直す(RDFファイルではIRIを直す)。",
        )
    if shape.file in NO_RECORD or shape.name.startswith(NO_RECORD):
        return (
            "Records cannot state this yet; in an RDF file, mend the statement itself.",
            "記録ではまだ書けない。RDFファイルでは、その記述を直す。",
        )
    held = columns(shape)
    if not held:
        en = "No column holds it: it follows from other columns and from the names of files; "
        return (
            en + "in an RDF file, mend the statement itself.",
            "対応する列はなく、ほかの列とファイル名から決まる。RDFファイルでは、その記述を直す。",
        )
    en = ", ".join(f"{' or '.join(f'`{one}`' for one in names)} in {file}" for file, names in held.items())
    ja = "、".join(f"{file} の {'・'.join(f'`{one}`' for one in names)}" for file, names in held.items())
    if shape.file == ARITHMETIC:
        return (
            f"Compare {en} with the report; if it says so, state the city's method in PROGRAMME/programme.toml.",
            f"{ja} を報告書と見比べる。報告書のとおりなら、市の計算の方法を PROGRAMME/programme.toml に書く。",
        )
    if shape.severity == "Warning":
        return f"Fill in {en}, if it can be known.", f"分かるなら、{ja} を書く。"
    return f"Correct {en}.", f"{ja} を直す。"


def mend_in_catalog(shape: Shape) -> tuple[str, str]:
    """The same of a shape of the catalogue."""
    said = next((one for one in CATALOG_MENDED if shape.name in one.shapes), IN_THE_CATALOG)
    return said.en, said.ja


def rules_in_code() -> set[str]:
    """The names of all rules that the program's own code reports, ``cell-*`` for one a kind of cell.

    :raises ValueError: when a rule's name is not written where the problem is made
    """
    found: set[str] = set()
    for path in sorted(Path(pledge_ld.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(_reported(node, path))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                # A message of an exception ends in its rule, as a problem's does.
                found.update(re.findall(r" \[([a-z]+(?:-[a-z]+)*)\]$", node.value))
    return found


def _reported(call: ast.Call, path: Path) -> Iterator[str]:
    """The rule that a call names: by ``rule=``, or by its place in ``Problem(…)`` or the importer's ``problem(…)``."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    index = {"Problem": 5, "problem": 3}.get(name)
    rule = next((one.value for one in call.keywords if one.arg == "rule"), None)
    if rule is None and index is None:
        return
    if rule is None and index is not None and len(call.args) > index:
        rule = call.args[index]
    if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
        yield rule.value
    elif isinstance(rule, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "*" for one in rule.values)
    elif not (isinstance(rule, ast.Name | ast.Attribute) and ast.unparse(rule).endswith("rule")):
        raise ValueError(f"{path}:{call.lineno}: the rule of this problem cannot be read from the code")


def explained() -> dict[str, Rule]:
    """Our own rules by name, held to those that the code reports.

    :raises ValueError: when one side has a rule that the other lacks
    """
    ours = {name: rule for group in RULES.values() for name, rule in group.items()}
    code = rules_in_code() - {"cell-*"}
    if cells := {one for one in code if one.startswith("cell-")} - {f"cell-{one}" for one in PARSERS}:
        raise ValueError(f"rules of cells whose kind nobody reads: {', '.join(sorted(cells))}")
    code = {one for one in code if not one.startswith("cell-")}
    if code != ours.keys():
        missing, gone = ", ".join(sorted(code - ours.keys())), ", ".join(sorted(ours.keys() - code))
        raise ValueError(
            f"docs/generate.py: RULES lacks: {missing or 'nothing'}; the code no longer has: {gone or '-'}"
        )
    return ours


def rules_page() -> str:
    """A section for each rule: when it fires and how to mend it."""
    explained()
    found = shapes()
    parts = ["# 規則 / Rules", MADE, RULES_INTRO.replace("EXAMPLE", _example(found))]
    for group, title in GROUPS.items():
        parts.append(f"## {title}")
        for name, rule in sorted(RULES[group].items()):
            parts += [f"### {name}", _section(rule)]
        if group == READING:
            parts += _cell_rules()
    for file, named in _by_file(found):
        parts.append(f"## {SHAPE_FILES[file]}")
        for shape in named:
            parts += [f"### {shape.name}", _shape_section(shape)]
    return page(parts)


def _example(found: list[Shape]) -> str:
    """A problem as a terminal shows it."""
    shape = next(one for one in found if one.name == "Score-stars")
    path = "data/x/2022/scores/2024-03-31.csv"
    return str(Problem(path, 12, "column 'stars'", "0..10", "11", shape.name, shape.ja))


def _section(rule: Rule) -> str:
    return f"- いつ: {rule.when_ja}\n- 直し方: {rule.mend_ja}\n- When: {rule.when_en}\n- To mend: {rule.mend_en}"


def _cell_rules() -> Iterator[str]:
    kinds = {name: (kind.en, kind.ja) for name, kind in PARSERS.items()} | CHOICES
    for name, (en, ja) in sorted(kinds.items()):
        held = [f"`{one.name}` in {place(cls)}" for cls in FILES for one in cls.columns() if one.kind == name]
        yield f"### cell-{name}"
        rule = Rule(
            f"A cell or key of the kind `{name}` holds something else, or is empty where it must not be.",
            f"Write {en}.",
            f"`{name}` のセルや項目の中身が違う、または必須なのに空。",
            f"{ja}を書く。",
        )
        yield _section(rule) + (f"\n- Columns / 列: {', '.join(held)}" if held else "")


def _by_file(found: list[Shape]) -> Iterator[tuple[str, list[Shape]]]:
    known = {one.name for one in found if one.file == CATALOG}
    if gone := {name for one in CATALOG_MENDED for name in one.shapes} - known:
        raise ValueError(f"docs/generate.py: CATALOG_MENDED names no shape: {', '.join(sorted(gone))}")
    if unknown := {one.file for one in found} - SHAPE_FILES.keys():
        raise ValueError(f"docs/generate.py: SHAPE_FILES lacks: {', '.join(sorted(unknown))}")
    for file in SHAPE_FILES:
        yield file, [one for one in found if one.file == file]


def _shape_section(shape: Shape) -> str:
    en, ja = mend_in_catalog(shape) if shape.file == CATALOG else mend(shape)
    about = f"`{shape.path}`" if shape.path else "IRI"
    of = ", ".join(f"`{one}`" for one in shape.classes)
    grave = CATALOG_WARNING if (shape.file, shape.severity) == (CATALOG, "Warning") else SEVERITY[shape.severity]
    return (
        f"{about} ({of}) · {grave}\n\n"
        f"- 必要なもの: {shape.ja}。\n- 直し方: {ja}\n"
        f"- Expected: {shape.en}.\n- To mend: {en}"
    )


# --- cli.md


def cli_page() -> str:
    """Every command's own help, and every saved query."""
    parts = ["# コマンド / Commands", MADE, CLI_INTRO, "## pledge-ld", _help(())]
    for name in sorted(command.commands):
        parts += [f"## pledge-ld {name}", _help((name,))]
    parts += ["## 保存された問い合わせ / Saved queries", QUERIES]
    for one in query.load().values():
        parts += [f"### {one.name}", _query(one)]
    return page(parts)


def _help(names: tuple[str, ...]) -> str:
    found = CliRunner().invoke(
        command, [*names, "--help"], prog_name="pledge-ld", terminal_width=WIDTH, catch_exceptions=False
    )
    if found.exit_code:
        raise ValueError(f"pledge-ld {' '.join(names)} --help: exit code {found.exit_code}")
    return f"```text\n{found.output.rstrip()}\n```"


def _query(one: query.Query) -> str:
    returns = ", ".join(f"`{name}` ({type_})" for name, type_ in one.returns)
    lines = [
        f"- **{one.title['ja']}**: {one.question['ja']}",
        f"- **{one.title['en']}**: {one.question['en']}",
        f"- returns: {returns}",
        *(f"- `--param {each.name}={each.default}` ({each.type}): {each.en} / {each.ja}" for each in one.params),
    ]
    return "\n".join([*lines, *([f"- computes: {one.computes}"] if one.computes else [])])


def main() -> None:
    """Writes every page that differs."""
    for path, text in pages().items():
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        if changed:
            path.write_text(text, encoding="utf-8")
        click.echo(f"docs/{path.name}: {'written' if changed else 'as it was'}")


if __name__ == "__main__":
    main()

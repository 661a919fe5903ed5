// Japanese as readers mean it: ｽﾎﾟｰﾂ, スポーツ and すぽーつ are one word, and so are ＤＸ, DX and dx.
const KATAKANA = /[ァ-ヶ]/g;
const TO_HIRAGANA = 0x60;
const ROMAN = /[\u2160-\u217f]/g;
const SMALL_ROMAN = 0x10;
const NUMERALS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
// As a keyboard without Ⅱ writes II-1-1.
const TYPED = new RegExp(`(?<![a-z\\d])(?:${NUMERALS.join("|")})(?=-\\d)`, "g");
// Letters of nobody's alphabet, which no folding touches.
const OF_ITS_OWN = 0xe000;

/** The text with widths, cases and kinds of kana made one. A Roman numeral that is one letter stays one: taken apart, Ⅰ
 * would be found in Ⅱ and Ⅲ. */
export function fold(text) {
  return text
    .replace(ROMAN, (one) => numeral(one.charCodeAt(0) % SMALL_ROMAN))
    .normalize("NFKC")
    .toLowerCase()
    .replace(TYPED, (one) => numeral(NUMERALS.indexOf(one)))
    .replace(KATAKANA, (one) => String.fromCharCode(one.charCodeAt(0) - TO_HIRAGANA));
}

function numeral(place) {
  return String.fromCharCode(OF_ITS_OWN + place);
}

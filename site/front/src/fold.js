// Japanese as readers mean it: ｽﾎﾟｰﾂ, スポーツ and すぽーつ are one word, and so are ＤＸ, DX and dx.
const KATAKANA = /[ァ-ヶ]/g;
const TO_HIRAGANA = 0x60;

/** The text with widths, cases and kinds of kana made one. */
export function fold(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(KATAKANA, (one) => String.fromCharCode(one.charCodeAt(0) - TO_HIRAGANA));
}

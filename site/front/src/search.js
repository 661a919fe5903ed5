// Search that finds parts of Japanese words: no spaces part them, so what is indexed is every pair of letters.
import MiniSearch from "minisearch";
import { fold } from "./fold.js";

const GAPS = /[\s\p{P}\p{S}]+/u;

/** The pairs of neighbouring letters of each run of letters; a lone letter is itself. */
export function pairs(text) {
  return fold(text)
    .split(GAPS)
    .flatMap((run) => {
      const letters = [...run];
      return letters.length < 2 ? letters : letters.slice(1).map((one, place) => letters[place] + one);
    });
}

/** What finds, among these texts, the places of those that contain each word of a question. */
export function searcher(texts) {
  const folded = texts.map(fold);
  const index = new MiniSearch({ fields: ["text"], tokenize: pairs, processTerm: (term) => term });
  index.addAll(texts.map((text, id) => ({ id, text })));
  return (question) => {
    const words = fold(question).split(/\s+/u).filter(Boolean);
    if (!words.length) return null;
    // A lone letter may be either half of a pair. That all pairs of a word are there does not yet put them beside each
    // other: whoever has them is looked at whole.
    const asked = pairs(question);
    const whole = asked.length && asked.every((one) => [...one].length === 2);
    const found = () => index.search(question, { combineWith: "AND", tokenize: pairs }).map((one) => one.id);
    const candidates = whole ? found() : texts.keys();
    return new Set([...candidates].filter((id) => words.every((one) => folded[id].includes(one))));
  };
}

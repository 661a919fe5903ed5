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
    // A lone letter begins pairs. That all pairs of a word are there does not yet put them beside each other.
    const options = { combineWith: "AND", prefix: (term) => [...term].length === 1, tokenize: pairs };
    const ids = index.search(question, options).map((one) => one.id);
    const ending = words.some((one) => [...one].length === 1) || !pairs(question).length;
    const candidates = ending ? texts.keys() : ids;
    return new Set([...candidates].filter((id) => words.every((one) => folded[id].includes(one))));
  };
}

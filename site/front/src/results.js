// An answer in SPARQL's JSON → a table, a chart of one number a row, and CSV.
import { fill, make } from "./dom.js";

const NUMERIC = /#(?:decimal|integer|double|float|int|long|nonNegativeInteger)$/;
const MOST_BARS = 40;
const MOST_WIDTH = 60;
const MOST_DIGITS = 8;
// Of a bold figure in the chart, in its own units, and what parts it from its bar.
const DIGIT_WIDTH = 11;
const GAP = 8;
const SVG = "http://www.w3.org/2000/svg";

/** Rows of terms by variable, and the names of the variables. ASK has one row. */
export function rowsOf(answer) {
  if ("boolean" in answer) return { names: ["answer"], rows: [{ answer: { type: "literal", value: String(answer.boolean) } }] };
  return { names: answer.head.vars, rows: answer.results.bindings };
}

/** The rows as texts, the names first. */
export function textsOf({ names, rows }) {
  return [names, ...rows.map((row) => names.map((name) => textOf(row[name])))];
}

/** A term as text. A triple as a term is written as in SPARQL. */
function textOf(term) {
  if (!term) return "";
  if (term.type !== "triple") return term.value;
  const { subject, predicate, object } = term.value;
  return `<<( ${[subject, predicate, object].map(textOf).join(" ")} )>>`;
}

/** A table; things of ours lead to their pages. */
export function tableOf({ names, rows }, most, { base, tree, caption, captionAll }) {
  const numbers = numeric(names, rows);
  const head = make("tr", {}, ...names.map((name) => make("th", { scope: "col", class: numbers.includes(name) ? "num" : null }, name)));
  const body = rows.slice(0, most).map((row) => make("tr", {}, ...names.map((name) => cellOf(row[name], base, tree))));
  const text = fill(rows.length > most ? caption : captionAll, { n: rows.length, most });
  return make("table", { class: "answer" }, make("caption", {}, text), make("thead", {}, head), make("tbody", {}, ...body));
}

function cellOf(term, base, tree) {
  if (!term) return make("td");
  if (term.type === "uri") {
    const ours = term.value.startsWith(base);
    const [path, anchor] = term.value.slice(base.length).split("#");
    const href = ours ? `${tree}${path}.html${anchor ? `#${anchor}` : ""}` : term.value;
    const safe = ours || /^https?:/.test(term.value);
    return make("td", {}, safe ? make("a", { href, rel: ours ? null : "nofollow" }, ours ? term.value.slice(base.length) : term.value) : term.value);
  }
  if (isNumber(term)) return make("td", { class: "num" }, term.value);
  if (term.datatype?.endsWith("#date")) return make("td", { class: "date" }, term.value);
  const text = textOf(term);
  return make("td", { lang: term["xml:lang"], class: text.length > 30 ? "long" : null }, text);
}

function isNumber(term) {
  return term?.type === "literal" && NUMERIC.test(term.datatype ?? "");
}

/** The columns of numbers and of nothing else. */
function numeric(names, rows) {
  return names.filter((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name])));
}

/** Columns that say what is measured, and where. Bars of different ones beside each other would compare what may not be. */
const APART = ["construct", "scale", "city"];

/** Which columns make a chart: the text that tells the rows apart, in the page's language, and each column of numbers. */
export function charted({ names, rows }, lang) {
  const filled = (name) => rows.filter((row) => row[name]);
  const numbers = numeric(names, rows);
  const texts = names.filter((name) => filled(name).length && !numbers.includes(name) && filled(name).every((row) => row[name].type === "literal"));
  const rank = (name) => [variety(rows, name), spoken(rows, name, lang), length(rows, name)];
  const [wordy] = [...texts].sort((one, other) => compare(rank(other), rank(one)));
  const label = wordy ?? names.find((name) => !numbers.includes(name));
  const mixed = APART.some((name) => names.includes(name) && variety(rows, name) > 1);
  return rows.length > 1 && rows.length <= MOST_BARS && label && !mixed ? { label, numbers } : { label, numbers: [] };
}

function variety(rows, name) {
  return new Set(rows.map((row) => row[name]?.value)).size;
}

function spoken(rows, name, lang) {
  return Number(name.endsWith(`_${lang}`) || rows.every((row) => row[name]?.["xml:lang"] === lang));
}

function length(rows, name) {
  return rows.reduce((sum, row) => sum + (row[name]?.value.length ?? 0), 0);
}

function compare(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 ? 0 : one[at] - other[at];
}

/** Bars, one a row, from zero to either side. The table beside it has the same figures whole, so that to a screen reader
 * it is one picture. */
export function chartOf({ rows }, label, number, title) {
  const values = rows.map((row) => Number(row[number]?.value ?? NaN));
  const figures = rows.map((row) => rounded(row[number]?.value ?? ""));
  // The label stands above its bar, so that both are read on a phone too.
  const [width, line] = [480, 46];
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...finite, 0), Math.max(...finite, 0)];
  // Each figure stands at the end of its bar, on the side to which the bar goes.
  const room = (beyond) => Math.max(0, ...figures.filter((_, at) => beyond(values[at])).map((one) => one.length * DIGIT_WIDTH + GAP));
  const [left, right] = [room((one) => one < 0), room((one) => one >= 0)];
  const scale = (width - left - right) / (most - least || 1);
  const zero = left - least * scale;
  const made = svg("svg", { viewBox: `0 0 ${width} ${rows.length * line}`, role: "img", "aria-label": title, class: "bars" });
  rows.forEach((row, at) => {
    const y = at * line;
    made.append(svg("text", { x: 0, y: y + 15 }, shortened(row[label]?.value ?? "")));
    if (!Number.isFinite(values[at])) return;
    const long = Math.max(Math.abs(values[at]) * scale, 1);
    const below = values[at] < 0;
    made.append(svg("rect", { x: below ? zero - long : zero, y: y + 21, width: long, height: 16, rx: 2 }));
    if (least < 0) made.append(svg("line", { x1: zero, x2: zero, y1: y + 18, y2: y + 40, class: "zero" }));
    const [end, anchor] = below ? [zero - long - GAP, "end"] : [zero + long + GAP, "start"];
    made.append(svg("text", { x: end, y: y + 34, "text-anchor": anchor, class: "value" }, figures[at]));
  });
  return made;
}

/** A figure as it has room beside its bar: as it stands where it is short, else with four decimals at most. */
function rounded(text) {
  const value = Number(text);
  if (text.length <= MOST_DIGITS || !Number.isFinite(value)) return text;
  if (Math.abs(value) >= 1e12) return value.toExponential(3);
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(4) : value.toFixed(4)));
}

/** As much of a text as has room: a Japanese letter takes that of two Latin ones. */
function shortened(text) {
  let room = MOST_WIDTH;
  const letters = [...text];
  const end = letters.findIndex((one) => (room -= one > "\u2fff" ? 2 : 1) < 0);
  return end < 0 ? text : `${letters.slice(0, end).join("")}…`;
}

function svg(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

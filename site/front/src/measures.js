// The table of all measures: filtered, searched, sorted and downloaded. Its state is the address, so it can be sent on.
import { csv, offer } from "./csv.js";
import { fill, make, texts } from "./dom.js";
import { searcher } from "./search.js";

const t = texts();
const table = document.getElementById("measures");
const body = table.tBodies[0];
const rows = [...body.rows];
const heads = [...table.tHead.rows[0].cells];
let finder;
/** Where a question is found; the index is made when somebody asks, for most who come only look. */
const find = (question) => (question ? (finder ??= searcher(rows.map(searched)))(question) : null);
/** What a row is found by: all that it shows, and its number in the address, which has no Roman figures. */
const searched = (row) => [row.dataset.number, row.dataset.iri.split("/").pop(), ...names(row, "policy"), ...textsIn(row)].join("\n");
const textsIn = (row) => [...row.querySelectorAll("th a, li, .departments, td:last-child")].map((one) => one.textContent);
/** The policies in the order of the report. */
const policies = [...new Set(rows.map((row) => row.dataset.policy))];
const byLanguage = new Intl.Collator(t.lang, { numeric: true });
const KEYS = ["policy", "department", "stars", "status", "note"];
const NAMES = { policy: t.policy, department: t.department, stars: t.stars, status: t.status, note: t.note };
const controls = { q: make("input", { type: "search", id: "f-q", autocomplete: "off", "aria-describedby": "f-q-help" }) };
const caption = table.caption;
const whole = caption.textContent;
const count = make("p", { role: "status", "aria-live": "polite", class: "count" });
const state_of_address = () => new URLSearchParams(location.search);
const languages = [...document.querySelectorAll("li.language a")].map((link) => [link, link.href]);

/** What is asked of a key, by its id or, as in addresses of old, by its name; what no row has asks nothing. */
function wanted(state, key) {
  const value = state.get(key) ?? "";
  return [...(controls[key]?.options ?? [])].find((one) => one.value === value || one.text === value)?.value ?? "";
}

/** The ids that a row has of a key, the same in all languages: a measure may have several departments. */
function values(row, key) {
  return row.dataset[key].split(" ").filter(Boolean);
}

/** What the page calls them, in the same order. */
function names(row, key) {
  const cell = row.cells[heads.findIndex((one) => one.dataset.key === key)];
  const found = key === "department" ? [...cell.querySelectorAll("a")] : [cell.querySelector(".unseen") ?? cell];
  return found.map((one) => one.textContent.trim());
}

function choices(key) {
  if (key === "note") {
    const there = new Set(rows.map((row) => row.dataset.note));
    return [["uncertain", t.noteUncertain], ["note", t.noteAny], ["none", t.noteNone]].filter(([one]) =>
      one === "note" ? there.has("note") || there.has("uncertain") : there.has(one === "none" ? "" : one));
  }
  if (key === "stars") {
    const found = [...new Set(rows.flatMap((row) => values(row, key)))];
    found.sort((one, other) => Number(other) - Number(one));
    const listed = found.map((one) => [one, fill(t.starsOf, { n: one })]);
    return rows.some((row) => !row.dataset.stars) && found.length ? [...listed, ["none", t.starsNone]] : listed;
  }
  const found = [...new Map(rows.flatMap((row) => values(row, key).map((id, at) => [id, names(row, key)[at]])))];
  // Policies come as the report has them; departments as they are looked up.
  return key === "department" ? found.sort(([, one], [, other]) => byLanguage.compare(one, other)) : found;
}

function fits(row, key, value) {
  if (!value) return true;
  if (value === "none" && (key === "stars" || key === "note")) return !row.dataset[key];
  if (key === "note" && value === "note") return row.dataset.note !== "";
  return values(row, key).includes(value);
}

/** What a row is sorted by; what has no figure comes last. */
function sortKey(row, key) {
  if (key === "stars") return row.dataset.stars === "" ? null : Number(row.dataset.stars);
  if (key === "title") return row.querySelector("th a").textContent;
  if (!row.dataset[key]) return null;
  if (key === "policy") return policies.indexOf(row.dataset.policy);
  return key === "department" || key === "status" ? names(row, key)[0] : row.dataset[key];
}

function sorted(found, key, falling) {
  const turn = falling ? -1 : 1;
  const place = new Map(rows.map((row, at) => [row, at]));
  if (!key || key === "number") return [...found].sort((one, other) => turn * (place.get(one) - place.get(other)));
  return [...found].sort((one, other) => {
    const [a, b] = [sortKey(one, key), sortKey(other, key)];
    if (a === null || b === null) return (a === null) - (b === null) || place.get(one) - place.get(other);
    const order = typeof a === "number" ? a - b : byLanguage.compare(a, b);
    return turn * order || place.get(one) - place.get(other);
  });
}

/** What is asked, in words, as the controls call it. */
function conditions(state, found) {
  const chosen = (key) => [...(controls[key]?.options ?? [])].find((one) => one.value === wanted(state, key)).text;
  const kept = KEYS.filter((key) => wanted(state, key)).map((key) => `${NAMES[key]}: ${chosen(key)}`);
  return found ? [`${t.search}: ${state.get("q").trim()}`, ...kept] : kept;
}

function shown() {
  return [...body.rows].filter((row) => !row.hidden);
}

/** The table as the address says. */
function show() {
  const state = state_of_address();
  for (const [key, control] of Object.entries(controls)) control.value = key === "q" ? (state.get(key) ?? "") : wanted(state, key);
  controls.sort.value ||= "number";
  for (const [link, href] of languages) link.href = href + location.search;
  const found = find(state.get("q") ?? "");
  const sort = wanted(state, "sort");
  const [key, falling] = [sort.replace(/^-/, ""), sort.startsWith("-")];
  body.append(...sorted(rows, key, falling));
  rows.forEach((row, at) => {
    row.hidden = !((!found || found.has(at)) && KEYS.every((one) => fits(row, one, wanted(state, one))));
  });
  for (const head of heads) {
    if (head.dataset.key === key) head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
  const n = shown().length;
  count.textContent = fill(n ? t.count : t.none, { n, total: rows.length });
  // The table says it itself: on paper there are no controls, and a screen reader may come to the table alone.
  const asked = conditions(state, found);
  const list = document.querySelector("h1").textContent;
  caption.textContent = asked.length ? fill(t.part, { list, n, total: rows.length, conditions: asked.join(" · ") }) : whole;
  table.toggleAttribute("data-part", asked.length > 0);
}

/** Another state: `push` where the back button shall lead to the one before. */
function change(key, value, push = true) {
  const state = state_of_address();
  if (value) state.set(key, value);
  else state.delete(key);
  const query = state.toString();
  history[push ? "pushState" : "replaceState"](null, "", query ? `?${query}` : location.pathname);
  show();
}

function download() {
  const line = (row) => [...row.cells].map((cell, at) => (heads[at].dataset.key === "stars" && row.dataset.stars) || plain(cell));
  const actions = (row) => [...row.querySelectorAll("li")].map((one) => one.textContent).join("\n");
  const head = [...heads.map((one) => one.textContent.trim()), t.actions, t.address];
  const found = shown().map((row) => [...line(row), actions(row), row.querySelector("th a").href]);
  // As the address says whose they are: 012131-2022-measures.csv.
  offer(`${location.pathname.replace(/(?:\.html)?$/, "").split("/").slice(-3).join("-")}.csv`, csv([head, ...found]));
}

/** A cell's text without what is folded away in it. */
function plain(cell) {
  const copy = cell.cloneNode(true);
  for (const one of copy.querySelectorAll("details, .stars, .why, .uncertain")) one.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function field(key, name, control) {
  return make("p", { class: key === "q" ? "field wide" : "field" }, make("label", { for: control.id }, name), control);
}

function build() {
  const bar = make("div", { role: "search", "aria-label": t.filters, class: "filters" });
  const help = make("span", { id: "f-q-help", class: "quiet" }, t.searchHelp);
  const first = field("q", t.search, controls.q);
  first.append(help);
  bar.append(first);
  for (const key of KEYS) {
    const found = choices(key);
    if (found.length < 2) continue;
    controls[key] = make("select", { id: `f-${key}` }, make("option", { value: "" }, t.all));
    controls[key].append(...found.map(([value, text]) => make("option", { value }, text)));
    controls[key].addEventListener("change", (event) => change(key, event.target.value));
    bar.append(field(key, NAMES[key], controls[key]));
  }
  const keys = heads.filter((one) => rows.some((row) => sortKey(row, one.dataset.key) !== null));
  controls.sort = make("select", { id: "f-sort" });
  for (const { dataset: { key }, textContent } of keys) {
    const name = textContent.trim();
    controls.sort.append(make("option", { value: key }, name), make("option", { value: `-${key}` }, fill(t.falling, { key: name })));
  }
  controls.sort.addEventListener("change", (event) => change("sort", event.target.value));
  // Where there is room, the heads of the columns sort.
  const order = field("sort", t.sort, controls.sort);
  order.classList.add("narrow");
  bar.append(order);
  const clear = make("button", { type: "button", class: "second" }, t.clear);
  clear.addEventListener("click", () => {
    history.pushState(null, "", location.pathname);
    show();
    controls.q.focus();
  });
  const get = make("button", { type: "button" }, t.download);
  get.addEventListener("click", download);
  document.getElementById("filters").append(bar, make("div", { class: "row" }, count, clear, get));
  let typed = "";
  controls.q.addEventListener("focus", () => { typed = ""; });
  // One word typed is one step back, however many letters it has.
  controls.q.addEventListener("input", (event) => {
    change("q", event.target.value, !typed);
    typed = event.target.value || "x";
  });
  for (const head of keys) {
    const button = make("button", { type: "button", class: "sort" }, head.textContent.trim());
    button.addEventListener("click", () => {
      const now = wanted(state_of_address(), "sort") || "number";
      const { key } = head.dataset;
      change("sort", now === key ? `-${key}` : key);
    });
    head.replaceChildren(button);
  }
  addEventListener("popstate", show);
  show();
}

build();

// The query page: a question, over the cities' dumps in this browser or at an endpoint, and its answer.
//
// sparql.html?name=text_search&word=… runs a saved query at once, ?query=… any; &add=URL names another dump to load
// beside ours, &without=… one of ours to leave out, &with=… one to load that is not loaded unasked.
import { csv, offer } from "./csv.js";
import { fill, make, texts } from "./dom.js";
import { bound } from "./parameters.js";
import { chartOf, charted, rowsOf, tableOf, textsOf } from "./results.js";

const MOST_ROWS = 1000;
const MOST_GRAPH = 200_000;
const MOST_SECONDS = 60;
const t = texts();
const $ = (id) => document.getElementById(id);
const place = $("workbench");
const area = $("query");
const status = $("status");
const out = $("answer");
const state = { worker: null, timer: 0, editor: null, name: "", given: [], running: false, turn: 0, agreed: new Set() };

/** A worker, kept with what it has loaded, so that the next question is answered at once. */
function worker() {
  state.worker ??= new Worker(new URL("engine.js", import.meta.url), { type: "module" });
  return state.worker;
}

function end() {
  state.worker?.terminate();
  state.worker = null;
}

function stop(text = "") {
  clearTimeout(state.timer);
  // The engine answers one question at a time: who asks another does not want the one before.
  if (text || state.running) end();
  if (text) status.textContent = text;
  ready();
}

function ready() {
  clearTimeout(state.timer);
  state.running = false;
  $("run").disabled = false;
  $("cancel").hidden = true;
}

function sources() {
  const chosen = [...place.querySelectorAll("input[name=dump]:checked")];
  const ours = chosen.map((one) => ({ url: new URL(one.value, location.href).href, graph: one.dataset.graph }));
  return [...ours, ...added().map((url) => ({ url }))];
}

/** The dumps of other sites that are loaded beside ours. */
function added() {
  return [...$("added").querySelectorAll("li")].map((one) => one.dataset.url);
}

/** What is left out of the question must be out of the store too: then the worker begins anew. */
function engineFor(wanted) {
  const key = (list) => list.map((one) => one.url);
  if (state.loaded?.some((one) => !key(wanted).includes(one))) end();
  state.loaded = key(wanted);
  return worker();
}

function run(push = true) {
  const query = area.value;
  const endpoint = place.querySelector("input[name=where][value=endpoint]:checked") ? place.dataset.endpoint : "";
  stop();
  out.replaceChildren();
  if (push) remember(query);
  $("run").disabled = true;
  $("cancel").hidden = false;
  status.textContent = t.starting;
  const wanted = endpoint ? [] : sources();
  if (!endpoint && !wanted.length) {
    stop();
    status.textContent = t.nothing;
    return;
  }
  const engine = endpoint ? worker() : engineFor(wanted);
  state.running = true;
  engine.onmessage = ({ data }) => engine === state.worker && heard(data);
  engine.onerror = (event) => {
    event.preventDefault();
    stop(fill(t.failed_engine, { about: event.message ?? "" }));
  };
  engine.postMessage({ query, endpoint, sources: wanted });
  state.timer = setTimeout(() => stop(fill(t.too_long, { seconds: MOST_SECONDS })), MOST_SECONDS * 1000);
}

function heard(data) {
  if (data.step) {
    status.textContent = fill(t[`step_${data.step}`], { url: data.url ?? "" });
  } else if (data.error !== undefined) {
    ready();
    // What had no room has none for the next question either.
    if (data.kind === "memory" || data.kind === "large") end();
    status.textContent = fill(t[`failed_${data.kind}`] ?? t.failed_query, { about: data.about });
    if (data.error) out.replaceChildren(make("pre", { tabindex: "0", lang: "en", class: "fault" }, data.error));
    reveal();
  } else {
    ready();
    show(data);
    reveal();
  }
}

/** What there is to read now, where it lies below what is seen: a saved query fills the screen. */
function reveal() {
  if (status.getBoundingClientRect().top > innerHeight - 160) status.scrollIntoView({ block: "start" });
}

function show({ answer, seconds, triples }) {
  if (answer.graph !== undefined) {
    const beginning = answer.graph.length > MOST_GRAPH ? answer.graph.slice(0, answer.graph.lastIndexOf("\n", MOST_GRAPH) + 1) : answer.graph;
    status.textContent = beginning === answer.graph ? t.done_graph : t.graph_first;
    const save = make("button", { type: "button", class: "second" }, t.graph_save);
    save.addEventListener("click", () => offer(`${named()}.nt`, answer.graph, "application/n-triples"));
    out.replaceChildren(make("p", { class: "row" }, save), make("pre", { tabindex: "0" }, beginning));
    return;
  }
  const found = rowsOf(answer);
  status.textContent = fill(seconds === undefined ? t.done : t.done_here, {
    n: found.rows.length.toLocaleString(t.lang),
    seconds: seconds?.toFixed(2),
    triples: triples?.toLocaleString(t.lang),
  });
  const get = make("button", { type: "button", class: "second" }, t.csv);
  get.addEventListener("click", () => offer(`${named()}.csv`, csv(textsOf(found))));
  const options = { base: place.dataset.base, tree: place.dataset.tree, caption: t.caption, captionAll: t.caption_all };
  const table = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t.answer }, tableOf(found, MOST_ROWS, options));
  out.replaceChildren(make("p", { class: "row" }, get), ...chart(found), table);
}

function chart(found) {
  const { label, numbers } = charted(found, t.lang);
  if (!numbers.length) return [];
  const figure = make("figure", { class: "chart" });
  const choice = make("select", { id: "chart-column" }, ...numbers.map((name) => make("option", { value: name }, name)));
  const draw = () => {
    figure.querySelector("svg")?.remove();
    figure.append(chartOf(found, label, choice.value, fill(t.chart, { number: choice.value, label })));
  };
  choice.addEventListener("change", draw);
  const caption = make("figcaption", {}, fill(t.chart, { number: choice.value, label }));
  figure.append(numbers.length > 1 ? make("p", { class: "row" }, make("label", { for: "chart-column" }, t.column), choice) : caption);
  draw();
  return [figure];
}

/** What a file with the answer is called: as the saved query, where it is one as it stands. */
function named() {
  return state.name && area.value === state.text ? state.name : "answer";
}

/** The address of this question: by its name where it is a saved one as it stands. */
function remember(query) {
  const saved = state.name && query === state.text;
  const given = new URLSearchParams(saved ? [["name", state.name], ...state.given] : { query });
  if (!saved) $("saved").value = "";
  for (const one of place.querySelectorAll("input[name=dump]")) {
    if (one.defaultChecked !== one.checked) given.append(one.checked ? "with" : "without", one.dataset.graph);
  }
  for (const one of added()) given.append("add", one);
  state.turn += 1;
  // The same question asked again is no step to go back by.
  if (location.search !== `?${given}`) history.pushState(null, "", `?${given}`);
  state.at = location.search;
}

/** Puts a query in the editor: a saved one with its name and what of it is bound, or one of the visitor's own. */
function put(text, name = "", given = []) {
  Object.assign(state, { text, name, given });
  $("saved").value = name;
  area.value = text;
  state.editor?.set(text);
}

/** Takes up a saved query, with those of its parameters that are given bound. Whether it still was wanted when it came:
 * who goes back twice wants the second place, whichever answer comes last. */
async function choose(name, given = new URLSearchParams()) {
  const turn = (state.turn += 1);
  const response = await fetch(`${place.dataset.root}queries/${encodeURIComponent(name)}.rq`).catch(() => null);
  const text = response?.ok && (await response.text().catch(() => ""));
  if (turn !== state.turn) return false;
  if (!text) throw new Error(name);
  const [query, pairs] = bound(text, given);
  put(query, name, pairs);
  return true;
}

/** An address as browsers write it, so that one dump is not taken for two. */
function whole(address) {
  try {
    return new URL(address).href;
  } catch {
    return address;
  }
}

function add(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    status.textContent = t.no_address;
    return false;
  }
  // What else the page's policy lets it load: what lies on this machine, and beside it.
  const near = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname) || url.origin === location.origin;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && near)) {
    status.textContent = t.no_address;
    return false;
  }
  state.agreed.add(url.href);
  if (added().includes(url.href)) return true;
  const drop = make("button", { type: "button", class: "second" }, t.remove);
  const item = make("li", { "data-url": url.href }, make("code", {}, url.href), " ", drop);
  drop.addEventListener("click", () => item.remove());
  $("added").append(item);
  return true;
}

/** The page as its address says: the question, what is asked, and the answer, with nothing of the place before. Another
 * site's dump that the address names is loaded when the visitor says so, or once has said so on this page. `own` is what
 * stands where it names no question. */
async function follow(own = area.defaultValue) {
  state.at = location.search;
  state.turn += 1;
  stop();
  out.replaceChildren();
  status.textContent = "";
  const given = new URLSearchParams(state.at);
  const name = given.get("name");
  const dumps = given.getAll("add").map(whole);
  for (const one of place.querySelectorAll("input[name=dump]")) {
    one.checked = one.defaultChecked ? !given.getAll("without").includes(one.dataset.graph) : given.getAll("with").includes(one.dataset.graph);
  }
  for (const one of $("added").querySelectorAll("li")) if (!dumps.includes(one.dataset.url)) one.remove();
  dumps.filter((one) => state.agreed.has(one)).forEach(add);
  const others = dumps.filter((one) => !added().includes(one));
  try {
    if (!name) put(given.get("query") || own);
    else if (!(await choose(name, given))) return;
  } catch {
    put(own);
    status.textContent = fill(t.unknown, { name });
    return;
  }
  if (!name && !given.get("query")) return;
  if (!others.length) {
    run(false);
    return;
  }
  status.textContent = fill(t.linked, { urls: others.join(" ") });
  const agree = make("button", { type: "button" }, t.linked_run);
  agree.addEventListener("click", () => others.every(add) && run(false));
  out.replaceChildren(make("p", { class: "row" }, agree));
  reveal();
}

$("run").addEventListener("click", () => run());
$("cancel").addEventListener("click", () => stop(t.cancelled));
$("saved").addEventListener("change", async (event) => {
  const name = event.target.value;
  if (name) await choose(name).catch(() => { status.textContent = fill(t.unknown, { name }); });
});
$("add").addEventListener("click", () => {
  if (add($("other").value.trim())) $("other").value = "";
});
$("other").addEventListener("keydown", (event) => {
  if (event.key === "Enter") $("add").click();
});
// A step to an anchor of this page, as to its main part, changes nothing that is asked.
addEventListener("popstate", () => location.search !== state.at && follow());
place.hidden = false;
// What the browser kept of a page that was left is the visitor's.
follow(area.value);
// The editor comes after what it edits: a question is asked and answered without it.
const { edit } = await import("./editor.js");
state.editor = edit(area, t.editor, () => run());

// The query page: a question, over the cities' dumps in this browser or at an endpoint, and its answer.
//
// sparql.html?name=policy_progress runs a saved query at once, ?query=… any; &add=URL loads another dump beside ours.
import { csv, offer } from "./csv.js";
import { fill, make, texts } from "./dom.js";
import { chartOf, charted, rowsOf, tableOf, textsOf } from "./results.js";

const MOST_ROWS = 1000;
const MOST_SECONDS = 60;
const t = texts();
const $ = (id) => document.getElementById(id);
const place = $("workbench");
const area = $("query");
const status = $("status");
const out = $("answer");
const state = { worker: null, timer: 0, editor: null, name: "" };

/** A worker, kept with what it has loaded, so that the next question is answered at once. */
function worker() {
  state.worker ??= new Worker(new URL("engine.js", import.meta.url), { type: "module" });
  return state.worker;
}

function stop(text = "") {
  clearTimeout(state.timer);
  if (text) {
    state.worker?.terminate();
    state.worker = null;
    status.textContent = text;
  }
  $("run").disabled = false;
  $("cancel").hidden = true;
}

function sources() {
  const chosen = [...place.querySelectorAll("input[name=dump]:checked")];
  const ours = chosen.map((one) => ({ url: new URL(one.value, location.href).href, graph: one.dataset.graph }));
  const added = [...$("added").querySelectorAll("li")].map((one) => ({ url: one.dataset.url }));
  return [...ours, ...added];
}

/** What is left out of the question must be out of the store too: then the worker begins anew. */
function engineFor(wanted) {
  const key = (list) => list.map((one) => one.url);
  if (state.loaded?.some((one) => !key(wanted).includes(one))) {
    state.worker?.terminate();
    state.worker = null;
  }
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
  engine.onmessage = ({ data }) => heard(data);
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
    stop();
    status.textContent = fill(t[`failed_${data.kind}`] ?? t.failed_query, { about: data.about });
    out.replaceChildren(make("pre", { tabindex: "0", lang: "en", class: "fault" }, data.error));
  } else {
    stop();
    show(data);
  }
}

function show({ answer, seconds, triples }) {
  if (answer.graph !== undefined) {
    status.textContent = t.done_graph;
    out.replaceChildren(make("pre", { tabindex: "0" }, answer.graph.slice(0, 200_000)));
    return;
  }
  const found = rowsOf(answer);
  status.textContent = fill(seconds === undefined ? t.done : t.done_here, {
    n: found.rows.length,
    seconds: seconds?.toFixed(2),
    triples: triples?.toLocaleString(t.lang),
  });
  const get = make("button", { type: "button", class: "second" }, t.csv);
  get.addEventListener("click", () => offer(`${state.name || "answer"}.csv`, csv(textsOf(found))));
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

/** The address of this question: by its name where it is a saved one as it stands. */
function remember(query) {
  const saved = state.name && query === state.text;
  const given = new URLSearchParams(saved ? { name: state.name } : { query });
  for (const one of $("added").querySelectorAll("li")) given.append("add", one.dataset.url);
  history.pushState(null, "", `?${given}`);
}

function put(text) {
  area.value = text;
  state.editor?.set(text);
}

async function choose(name) {
  const response = await fetch(`${place.dataset.root}queries/${encodeURIComponent(name)}.rq`);
  if (!response.ok) throw new Error(name);
  state.name = name;
  state.text = await response.text();
  $("saved").value = name;
  put(state.text);
}

function add(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    status.textContent = t.no_address;
    return false;
  }
  if (!/^https?:$/.test(url.protocol)) {
    status.textContent = t.no_address;
    return false;
  }
  const drop = make("button", { type: "button", class: "second" }, t.remove);
  const item = make("li", { "data-url": url.href }, make("code", {}, url.href), " ", drop);
  drop.addEventListener("click", () => item.remove());
  $("added").append(item);
  return true;
}

/** What the address asks for. An address that names another site's dump is filled in, and asked only by the visitor. */
async function follow() {
  const given = new URLSearchParams(location.search);
  const name = given.get("name");
  if (given.get("add")) $("other").value = given.get("add");
  try {
    if (name) await choose(name);
    else if (given.get("query")) put(given.get("query"));
  } catch {
    status.textContent = fill(t.unknown, { name });
    return;
  }
  if ((name || given.get("query")) && !given.get("add")) run(false);
}

$("run").addEventListener("click", () => run());
$("cancel").addEventListener("click", () => stop(t.cancelled));
$("saved").addEventListener("change", async (event) => {
  if (event.target.value) await choose(event.target.value);
});
$("add").addEventListener("click", () => {
  if (add($("other").value.trim())) $("other").value = "";
});
$("other").addEventListener("keydown", (event) => {
  if (event.key === "Enter") $("add").click();
});
addEventListener("popstate", follow);
place.hidden = false;
follow();
// The editor comes after what it edits: a question is asked and answered without it.
const { edit } = await import("./editor.js");
state.editor = edit(area, t.editor, () => run());

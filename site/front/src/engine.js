// The worker: Oxigraph over the files that it is told to load, or a question handed on to an endpoint. One question at
// a time; who does not want to wait ends the worker.
import init, { Store, namedNode } from "oxigraph/web.js";
import { bare, leaning } from "./arithmetic.js";

const MOST_BYTES = 50_000_000;
const FORMATS = [
  [/\.nq$|n-quads/, "application/n-quads"],
  [/\.nt$|n-triples/, "application/n-triples"],
  [/\.jsonld$|ld\+json/, "application/ld+json"],
  [/\.rdf$|rdf\+xml/, "application/rdf+xml"],
  [/\.trig$|\/trig/, "application/trig"],
  [/\.ttl$|turtle/, "text/turtle"],
  // What servers say of a file whose ending they do not know.
  [/text\/plain/, "application/n-triples"],
  [/application\/json/, "application/ld+json"],
];
const JSON_RESULTS = "application/sparql-results+json";
const HAS_GRAPHS = new Set(["application/n-quads", "application/trig", "application/ld+json"]);
const SLIP = /^\s*-->|error at/i;
const SERVICE = /(?<![\w:?$-])SERVICE(?![\w:-])/i;
let store;
const loaded = new Set();

addEventListener("message", async ({ data }) => {
  try {
    if (data.endpoint) {
      postMessage({ answer: await asked(data.endpoint, data.query) });
      return;
    }
    for (const source of data.sources) await load(source);
    postMessage({ step: "run" });
    if (leaning(data.query) && leans()) throw new Failed("leaning", "", "");
    const began = performance.now();
    const answer = run(data.query);
    postMessage({ answer, seconds: (performance.now() - began) / 1000, triples: store.size });
  } catch (thrown) {
    const error = named(thrown, data.query);
    postMessage({ error: error.message, kind: error.kind, about: error.about });
  }
});

/** Whether the browser had no room for what was asked. WebAssembly then stops where it is, and answers nothing more: who
 * hears this ends the worker. An answer too long to be one text is a RangeError. */
function exhausted(error) {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** What failed, by its kind: what is none of the others is a slip in the query, of which the engine says more. */
function named(error, query) {
  if (error instanceof Failed) return error;
  if (exhausted(error)) return new Failed("memory", "", "");
  const text = error?.message ?? String(error);
  // The engine here is built to ask nobody; a SERVICE that is SILENT adds nothing, as SPARQL says.
  return new Failed(!SLIP.test(text) && SERVICE.test(bare(query)) ? "service" : "query", "", text);
}

class Failed extends Error {
  constructor(kind, about, message) {
    super(message);
    this.kind = kind;
    this.about = about;
  }
}

async function load({ url, graph }) {
  if (loaded.has(url)) return;
  if (!store) {
    postMessage({ step: "engine" });
    try {
      await init({ module_or_path: new URL("oxigraph.wasm", import.meta.url) });
    } catch (error) {
      throw new Failed("engine", error?.message ?? String(error), "");
    }
    store = new Store();
  }
  postMessage({ step: "load", url });
  const { bytes, type } = await fetched(url);
  const format = FORMATS.find(([known]) => known.test(new URL(url).pathname) || known.test(type))?.[1];
  if (!format) throw new Failed("format", url, type);
  const options = { format, base_iri: url };
  if (!HAS_GRAPHS.has(format)) options.to_graph_name = namedNode(graph ?? url);
  try {
    store.load(bytes, options);
  } catch (error) {
    throw exhausted(error) ? new Failed("large", url, "") : new Failed("parse", url, error?.message ?? String(error));
  }
  loaded.add(url);
}

/** A file's bytes, up to a bound: a stranger's address may lead to anything. */
async function fetched(url) {
  let response;
  try {
    response = await fetch(url, { credentials: "omit", headers: { Accept: "application/n-quads, application/n-triples, text/turtle, */*;q=0.1" } });
  } catch (error) {
    throw new Failed("fetch", url, error.message);
  }
  if (!response.ok) throw new Failed("fetch", url, `HTTP ${response.status}`);
  const parts = [];
  let size = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new Failed("large", url, `${MOST_BYTES / 1e6} MB`);
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, type: response.headers.get("content-type") ?? "" };
}

/** Whether this build of the engine still works out differences from the right. */
function leans() {
  const [row] = JSON.parse(store.query("SELECT (10 - 3 - 1 AS ?x) {}", { results_format: JSON_RESULTS })).results.bindings;
  return row.x.value !== "6";
}

/** The answer as SPARQL's JSON, or a graph as N-Triples. Where a query names no graphs, it is asked of all that is loaded. */
function run(query) {
  const options = { use_default_graph_as_union: !/(?<![\w:?$-])FROM\s/i.test(bare(query)) };
  // Which kind of query it is, only the parser knows: a SELECT or ASK has a form in JSON, a graph has none.
  try {
    return JSON.parse(store.query(query, { ...options, results_format: JSON_RESULTS }));
  } catch (error) {
    if (!/format|graph/i.test(error?.message ?? "") || SLIP.test(error.message)) throw error;
    return { graph: store.query(query, { ...options, results_format: "application/n-triples" }) };
  }
}

async function asked(endpoint, query) {
  let response;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      credentials: "omit",
      headers: { Accept: `${JSON_RESULTS}, application/n-triples;q=0.5` },
      body: new URLSearchParams({ query }),
    });
  } catch (error) {
    throw new Failed("fetch", endpoint, error.message);
  }
  const text = await response.text();
  if (!response.ok) throw new Failed(response.status === 400 ? "query" : "fetch", endpoint, text.slice(0, 2000) || `HTTP ${response.status}`);
  return (response.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : { graph: text };
}

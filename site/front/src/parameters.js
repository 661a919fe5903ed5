// The parameters of a saved query: its head says which it has, and where each stands it says VALUES ?name { default }.
const HEAD = /^# param: (\w+) \| (\w+) \|/gm;
const PLACE = /VALUES \?(\w+) \{[^}\n]*\}/g;
const XSD = "http://www.w3.org/2001/XMLSchema#";

/** The query with those of its parameters bound that are given, and which these are, as pairs of name and value. */
export function bound(text, given) {
  const types = new Map([...text.matchAll(HEAD)].map(([, name, type]) => [name, type]));
  const pairs = [...given].filter(([name]) => types.has(name));
  const values = new Map(pairs);
  const query = text.replace(PLACE, (whole, name) =>
    values.has(name) ? `VALUES ?${name} { ${term(types.get(name), values.get(name))} }` : whole);
  return [query, pairs];
}

function term(type, value) {
  if (type === "iri") return `<${value.replace(/[\s<>"{}|\\^`]/g, encodeURIComponent)}>`;
  // What JSON escapes in a text, SPARQL escapes alike.
  return type === "string" ? JSON.stringify(value) : `${JSON.stringify(value)}^^<${XSD}${type}>`;
}
